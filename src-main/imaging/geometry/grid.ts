import type { VolumeGrid } from '../../contract/volume.ts'
import { affineDeterminant, invertAffine, transformPoint } from './affine.ts'
import type { Affine, Vector3 } from './affine.ts'

type Triple = [number, number, number]

/** Distance between neighbouring voxel centres along each index axis, in mm. */
export function spacingOf(indexToWorld: Affine): Triple {
  const column = (axis: number): number =>
    Math.hypot(indexToWorld[axis], indexToWorld[4 + axis], indexToWorld[8 + axis])
  return [column(0), column(1), column(2)]
}

/** Builds a grid; the spacing follows from the matrix. */
export function createGrid(dims: Vector3, indexToWorld: Affine): VolumeGrid {
  return {
    dims: [dims[0], dims[1], dims[2]],
    spacingMm: spacingOf(indexToWorld),
    indexToWorld: [...indexToWorld],
  }
}

/** Axis-aligned RAS grid with its first voxel centre at `originMm`. */
export function createAxisAlignedGrid(
  dims: Vector3,
  spacingMm: Vector3,
  originMm: Vector3 = [0, 0, 0],
): VolumeGrid {
  return createGrid(dims, [
    ...[spacingMm[0], 0, 0, originMm[0]],
    ...[0, spacingMm[1], 0, originMm[1]],
    ...[0, 0, spacingMm[2], originMm[2]],
    ...[0, 0, 0, 1],
  ])
}

/** Row-major 3×3 matrix whose columns are the unit directions of the index axes in world space. */
export function directionOf(indexToWorld: Affine): number[] {
  const spacing = spacingOf(indexToWorld)
  const direction = new Array<number>(9)
  for (let row = 0; row < 3; row++) {
    for (let axis = 0; axis < 3; axis++) {
      direction[3 * row + axis] = indexToWorld[4 * row + axis] / spacing[axis]
    }
  }
  return direction
}

/** World position in mm of the centre of voxel (0, 0, 0). */
export function originOf(indexToWorld: Affine): Triple {
  return [indexToWorld[3], indexToWorld[7], indexToWorld[11]]
}

/** RAS+ millimetres of a (possibly fractional) voxel index. */
export function indexToWorld(grid: VolumeGrid, index: Vector3): Triple {
  return transformPoint(grid.indexToWorld, index)
}

/** Fractional voxel index of a position in RAS+ millimetres. */
export function worldToIndex(grid: VolumeGrid, world: Vector3): Triple {
  return transformPoint(invertAffine(grid.indexToWorld), world)
}

/** Volume of one voxel in ml (|det| of the matrix; right for oblique and sheared grids too). */
export function voxelVolumeMl(grid: VolumeGrid): number {
  return Math.abs(affineDeterminant(grid.indexToWorld)) / 1000
}

/** Flat index of voxel (i, j, k). */
export function flatIndex(dims: Vector3, index: Vector3): number {
  return index[0] + dims[0] * (index[1] + dims[1] * index[2])
}

/** Voxel (i, j, k) of a flat index. */
export function voxelAt(dims: Vector3, flat: number): Triple {
  const i = flat % dims[0]
  const rest = (flat - i) / dims[0]
  const j = rest % dims[1]
  return [i, j, (rest - j) / dims[1]]
}
