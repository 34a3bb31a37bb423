import type { VolumeGrid } from '../../contract/volume.ts'
import { createGrid, multiplyAffines, planCanonical } from '../geometry/index.ts'
import { mapAxes, type Box } from '../mask/index.ts'

/** The same voxels in the axis order nearest to RAS+; oblique grids stay oblique. */
export function reorientGrid(grid: VolumeGrid): VolumeGrid {
  return planCanonical(grid).canonical
}

/** Isotropic voxels over the same box: same middle, same directions, as many voxels as cover it. */
export function isotropicGrid(grid: VolumeGrid, spacingMm: number): VolumeGrid {
  const isSame = grid.spacingMm.every((spacing) => Math.abs(spacing - spacingMm) < 1e-4)
  if (isSame) return grid
  const step = mapAxes((axis) => spacingMm / grid.spacingMm[axis])
  const dims = mapAxes((axis) => Math.max(1, Math.ceil(grid.dims[axis] / step[axis] - 1e-6)))
  const first = mapAxes((axis) => (grid.dims[axis] - 1 - (dims[axis] - 1) * step[axis]) / 2)
  return createGrid(
    dims,
    multiplyAffines(grid.indexToWorld, [
      ...[step[0], 0, 0, first[0]],
      ...[0, step[1], 0, first[1]],
      ...[0, 0, step[2], first[2]],
      ...[0, 0, 0, 1],
    ]),
  )
}

/** The part of a grid inside a box of voxels. */
export function cropGrid(grid: VolumeGrid, box: Box): VolumeGrid {
  const [x, y, z] = box.low
  return createGrid(
    mapAxes((axis) => box.high[axis] - box.low[axis] + 1),
    multiplyAffines(grid.indexToWorld, [
      ...[1, 0, 0, x],
      ...[0, 1, 0, y],
      ...[0, 0, 1, z],
      ...[0, 0, 0, 1],
    ]),
  )
}
