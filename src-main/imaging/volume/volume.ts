import type { VolumeGrid, VoxelType } from '../../contract/volume.ts'

/** The voxel arrays a volume may hold; the four kinds the viewer can share memory with. */
export type Voxels = Uint8Array | Int16Array | Uint16Array | Float32Array

/**
 * One 3D image. Voxel (i, j, k) lies at `voxels[i + dims[0] * (j + dims[1] * k)]`; values are physical
 * (slope and intercept of the file already applied).
 */
export interface Volume {
  readonly grid: VolumeGrid
  readonly voxelType: VoxelType
  readonly voxels: Voxels
}

/** Bytes one voxel of a type takes. */
export const BYTES_PER_VOXEL: Record<VoxelType, number> = {
  uint8: 1,
  int16: 2,
  uint16: 2,
  float32: 4,
}

/** Number of voxels on a grid. */
export function voxelCount(dims: readonly [number, number, number]): number {
  return dims[0] * dims[1] * dims[2]
}

/** An all-zero voxel array of the given type and length. */
export function createVoxels(voxelType: VoxelType, length: number): Voxels {
  switch (voxelType) {
    case 'uint8':
      return new Uint8Array(length)
    case 'int16':
      return new Int16Array(length)
    case 'uint16':
      return new Uint16Array(length)
    case 'float32':
      return new Float32Array(length)
  }
}

/** Which of the four kinds an array is. */
export function voxelTypeOf(voxels: Voxels): VoxelType {
  if (voxels instanceof Uint8Array) return 'uint8'
  if (voxels instanceof Int16Array) return 'int16'
  if (voxels instanceof Uint16Array) return 'uint16'
  return 'float32'
}

/**
 * Builds a volume and checks that the array is as long as the grid says.
 *
 * @throws RangeError where the length does not match: a programming error, never a bad file
 */
export function createVolume(grid: VolumeGrid, voxels: Voxels): Volume {
  if (voxels.length !== voxelCount(grid.dims)) {
    throw new RangeError(
      `A grid of ${grid.dims.join('×')} needs ${voxelCount(grid.dims)} voxels, got ${voxels.length}`,
    )
  }
  return { grid, voxelType: voxelTypeOf(voxels), voxels }
}
