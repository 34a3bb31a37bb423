import type { VolumeGrid } from '../../../src-main/contract/volume.ts'
import {
  indexToWorld,
  worldToIndex,
  type Vector3,
} from '../../../src-main/imaging/geometry/index.ts'

/** The voxel whose cell contains a continuous index; null outside the grid. */
export function containingVoxel(grid: VolumeGrid, index: Vector3): [number, number, number] | null {
  const voxel: [number, number, number] = [0, 0, 0]
  for (let axis = 0; axis < 3; axis++) {
    const rounded = Math.floor(index[axis] + 0.5)
    if (!(rounded >= 0 && rounded < grid.dims[axis])) return null
    voxel[axis] = rounded
  }
  return voxel
}

/**
 * Where a voxel of one grid lies in another: the nearest voxel by world position, or null outside. This
 * is what links the views of sequences that were not resampled to one grid.
 */
export function linkedVoxel(
  from: VolumeGrid,
  to: VolumeGrid,
  voxel: Vector3,
): [number, number, number] | null {
  return containingVoxel(to, worldToIndex(to, indexToWorld(from, voxel)))
}
