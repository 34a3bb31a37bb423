import type { VolumeGrid } from '../../../contract/volume.ts'
import type { Affine } from '../../geometry/index.ts'
import type { Voxels } from '../../volume/index.ts'
import { blurNormalised } from './blurNormalised.ts'

/** Targets up to this much coarser need no blur: a triangle filter's worth of aliasing is left at most. */
const TOLERATED_RATIO = 1.2

/**
 * Blurs a source so that a coarser target misses nothing: along each source axis by the difference of the variances of
 * the two voxels taken as boxes, (r² − 1)/12 voxels² where r is the target's reach along that axis.
 *
 * @param spacingInVoxels length of one step along each target axis, in source voxels
 * @param map matrix from target to source indices
 * @returns float voxels of the source; a copy
 */
export function blurForGrid(
  source: { readonly grid: VolumeGrid; readonly voxels: Voxels },
  spacingInVoxels: readonly number[],
  map: Affine,
): Float32Array {
  const values = Float32Array.from(source.voxels)
  if (Math.max(...spacingInVoxels) <= TOLERATED_RATIO) return values
  const sigma = (axis: number): number => {
    const reach = Math.hypot(map[4 * axis], map[4 * axis + 1], map[4 * axis + 2])
    return reach <= TOLERATED_RATIO ? 0 : Math.sqrt((reach * reach - 1) / 12)
  }
  blurNormalised(values, source.grid.dims, [sigma(0), sigma(1), sigma(2)])
  return values
}
