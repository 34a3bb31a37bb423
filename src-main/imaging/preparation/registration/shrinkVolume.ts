import type { VolumeGrid } from '../../../contract/volume.ts'
import { createGrid, multiplyAffines } from '../../geometry/index.ts'
import { voxelCount } from '../../volume/index.ts'

type Triple = readonly [number, number, number]

/** Float voxels on a grid. */
export interface FloatVolume {
  readonly grid: VolumeGrid
  readonly voxels: Float32Array
}

/**
 * Averages blocks of voxels so that no axis is finer than about `targetMm`. What is left over at the far end of an axis is
 * dropped; an axis never shrinks to nothing.
 */
export function shrinkVolume(
  source: { readonly grid: VolumeGrid; readonly voxels: ArrayLike<number> },
  targetMm: number,
): FloatVolume {
  const { dims, spacingMm, indexToWorld } = source.grid
  const factorOf = (axis: number): number =>
    Math.max(1, Math.min(dims[axis], Math.round(targetMm / spacingMm[axis])))
  const factor: Triple = [factorOf(0), factorOf(1), factorOf(2)]
  const size: Triple = [
    Math.floor(dims[0] / factor[0]),
    Math.floor(dims[1] / factor[1]),
    Math.floor(dims[2] / factor[2]),
  ]
  const [fx, fy, fz] = factor
  const toSource = [
    ...[fx, 0, 0, (fx - 1) / 2],
    ...[0, fy, 0, (fy - 1) / 2],
    ...[0, 0, fz, (fz - 1) / 2],
    ...[0, 0, 0, 1],
  ]
  const grid = createGrid(size, multiplyAffines(indexToWorld, toSource))
  const voxels = new Float32Array(voxelCount(size))
  for (let k = 0; k < size[2] * fz; k++) {
    for (let j = 0; j < size[1] * fy; j++) {
      const row = dims[0] * (j + dims[1] * k)
      const target = size[0] * (Math.floor(j / fy) + size[1] * Math.floor(k / fz))
      for (let i = 0; i < size[0]; i++) {
        let sum = 0
        for (let di = 0; di < fx; di++) sum += source.voxels[row + i * fx + di]
        voxels[target + i] += sum
      }
    }
  }
  const share = 1 / (fx * fy * fz)
  for (let n = 0; n < voxels.length; n++) voxels[n] *= share
  return { grid, voxels }
}
