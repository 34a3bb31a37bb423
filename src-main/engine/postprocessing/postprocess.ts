import type { Postprocessing } from '../../contract/index.ts'
import type { Triple } from '../data/index.ts'
import { removeSmallComponents } from './removeSmallComponents.ts'
import { suppressEnhancing } from './suppressEnhancing.ts'

/**
 * Small pieces of tumour first, then enhancement of which too little is left; in place.
 *
 * @param labels canonical labels of a whole case, x fastest
 * @param voxelMl volume of a voxel in ml
 */
export function postprocess(
  labels: Uint8Array,
  dims: Triple,
  voxelMl: number,
  { minComponentMl, minEnhancingMl }: Postprocessing,
): void {
  removeSmallComponents(labels, dims, voxelMl, minComponentMl)
  suppressEnhancing(labels, voxelMl, minEnhancingMl)
}
