import type { VolumeGrid } from '../../../contract/index.ts'
import { transformPoint, voxelAt, type Affine } from '../../geometry/index.ts'

/**
 * Mean and largest distance in mm between where two transforms take the voxels of a mask (every `stride`-th of them).
 */
export function registrationError(
  found: Affine,
  truth: Affine,
  mask: Uint8Array,
  grid: VolumeGrid,
  stride = 7,
): { readonly meanMm: number; readonly maxMm: number } {
  let sum = 0
  let maxMm = 0
  let count = 0
  for (let n = 0; n < mask.length; n += stride) {
    if (mask[n] === 0) continue
    const point = transformPoint(grid.indexToWorld, voxelAt(grid.dims, n))
    const a = transformPoint(found, point)
    const b = transformPoint(truth, point)
    const distance = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
    sum += distance
    maxMm = Math.max(maxMm, distance)
    count++
  }
  return { meanMm: sum / Math.max(1, count), maxMm }
}
