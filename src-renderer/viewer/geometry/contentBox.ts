import type { VolumeGrid } from '../../../src-main/contract/volume.ts'
import { wholeGrid, type ContentBox } from './canvasProjection.ts'

/**
 * The smallest box that holds every voxel above a level, so that a skull-stripped brain fills its view. The
 * whole grid where no voxel is above it.
 */
export function contentBox(voxels: ArrayLike<number>, grid: VolumeGrid, level: number): ContentBox {
  const [nx, ny, nz] = grid.dims
  const first = [nx, ny, nz]
  const last = [-1, -1, -1]
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = nx * (j + ny * k)
      let left = 0
      while (left < nx && !(voxels[row + left] > level)) left++
      if (left === nx) continue
      let right = nx - 1
      while (!(voxels[row + right] > level)) right--
      if (left < first[0]) first[0] = left
      if (right > last[0]) last[0] = right
      if (j < first[1]) first[1] = j
      if (j > last[1]) last[1] = j
      if (k < first[2]) first[2] = k
      last[2] = k
    }
  }
  if (last[0] < 0) return wholeGrid(grid)
  return { first: [first[0], first[1], first[2]], last: [last[0], last[1], last[2]] }
}
