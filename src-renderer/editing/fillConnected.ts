import type { VolumeGrid } from '../../src-main/contract/volume.ts'
import { voxelAt } from '../../src-main/imaging/geometry/index.ts'
import type { LabelEdit } from './labelEdit.ts'

/**
 * Bucket fill: gives the edit's value to every voxel that is connected to the seed, face to face, and
 * carries the seed's present value. Returns false, changing nothing, where that value is the edit's own.
 *
 * @param sliceAxis keeps the fill in the seed's slice across this axis; null fills in 3D
 */
export function fillConnected(
  edit: LabelEdit,
  labels: Uint8Array,
  grid: VolumeGrid,
  seed: number,
  sliceAxis: 0 | 1 | 2 | null,
): boolean {
  const { dims } = grid
  const value = labels[seed]
  if (value === edit.value) return false
  const strides = [1, dims[0], dims[0] * dims[1]]
  const queued = new Uint8Array(labels.length)
  const queue: number[] = [seed]
  queued[seed] = 1
  while (queue.length > 0) {
    const index = queue.pop() as number
    edit.write(index)
    const voxel = voxelAt(dims, index)
    for (let axis = 0; axis < 3; axis++) {
      if (axis === sliceAxis) continue
      for (const step of [-1, 1]) {
        const position = voxel[axis] + step
        if (position < 0 || position >= dims[axis]) continue
        const neighbour = index + step * strides[axis]
        if (queued[neighbour] || labels[neighbour] !== value) continue
        queued[neighbour] = 1
        queue.push(neighbour)
      }
    }
  }
  return true
}
