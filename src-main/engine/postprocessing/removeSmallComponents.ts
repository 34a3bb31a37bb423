import { connectedComponents } from '../../imaging/labelmap/index.ts'
import type { Triple } from '../data/index.ts'

/**
 * Turns connected pieces of tumour (all labels together, voxels touching by face, edge or corner) that are smaller than
 * `minMl` into background, in place. The largest piece stays whatever its size: a small tumour is better than none.
 *
 * @param labels canonical labels of a case, x fastest
 * @param voxelMl volume of a voxel in ml
 */
export function removeSmallComponents(
  labels: Uint8Array,
  dims: Triple,
  voxelMl: number,
  minMl: number,
): void {
  if (minMl <= 0) return
  const { ids, count, sizes } = connectedComponents(labels, dims)
  if (count < 2) return
  let largest = 1
  for (let id = 2; id <= count; id++) if (sizes[id] > sizes[largest]) largest = id
  for (let i = 0; i < labels.length; i++) {
    const id = ids[i]
    if (id !== 0 && id !== largest && sizes[id] * voxelMl < minMl) labels[i] = 0
  }
}
