import type { VolumeGrid } from '../../contract/volume.ts'
import type { Affine } from '../geometry/index.ts'
import { indexToIndex } from './rigid/rigidPose.ts'

/** Every voxel counts for a case; every 11th tells the share as well. */
const STRIDE = 11

/**
 * Share of a mask that lies inside another image, 0…1; 1 for an empty mask.
 *
 * @param toSource mm to mm, from the mask's world to that of the other image
 */
export function coverageOf(
  mask: Uint8Array,
  grid: VolumeGrid,
  source: VolumeGrid,
  toSource: Affine,
): number {
  const map = indexToIndex(grid.indexToWorld, toSource, source.indexToWorld)
  const [nx, ny] = grid.dims
  let inside = 0
  let count = 0
  for (let n = 0; n < mask.length; n += STRIDE) {
    if (mask[n] === 0) continue
    count++
    const i = n % nx
    const j = Math.floor(n / nx) % ny
    const k = Math.floor(n / (nx * ny))
    let within = true
    for (let axis = 0; axis < 3; axis++) {
      const row = 4 * axis
      const at = map[row] * i + map[row + 1] * j + map[row + 2] * k + map[row + 3]
      within &&= at >= -0.5 && at <= source.dims[axis] - 0.5
    }
    if (within) inside++
  }
  return count === 0 ? 1 : inside / count
}
