import { madd } from './fusedMultiplyAdd'

/**
 * One register tile of a filter gradient: 6 consecutive (tap along the row, input channel) pairs × 8 output channels,
 * summed over a block of output voxels and added to `target`.
 *
 * @param x first tap of the first voxel, in a zero-framed plane
 * @param dy gradient at the first voxel
 * @param xStep bytes from one voxel's taps to the next along a row
 * @param xRowSkip bytes from the end of a row's taps to the next row's start
 * @param target 6 rows of `targetStride` bytes
 */
export function accumulateFilterTile(
  x: usize,
  dy: usize,
  rows: i32,
  columns: i32,
  xStep: usize,
  xRowSkip: usize,
  dyStep: usize,
  target: usize,
  targetStride: usize,
): void {
  let a0 = f32x4.splat(0)
  let b0 = f32x4.splat(0)
  let a1 = f32x4.splat(0)
  let b1 = f32x4.splat(0)
  let a2 = f32x4.splat(0)
  let b2 = f32x4.splat(0)
  let a3 = f32x4.splat(0)
  let b3 = f32x4.splat(0)
  let a4 = f32x4.splat(0)
  let b4 = f32x4.splat(0)
  let a5 = f32x4.splat(0)
  let b5 = f32x4.splat(0)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const ga = v128.load(dy)
      const gb = v128.load(dy, 16)
      let value = v128.load_splat<f32>(x, 0)
      a0 = madd(value, ga, a0)
      b0 = madd(value, gb, b0)
      value = v128.load_splat<f32>(x, 4)
      a1 = madd(value, ga, a1)
      b1 = madd(value, gb, b1)
      value = v128.load_splat<f32>(x, 8)
      a2 = madd(value, ga, a2)
      b2 = madd(value, gb, b2)
      value = v128.load_splat<f32>(x, 12)
      a3 = madd(value, ga, a3)
      b3 = madd(value, gb, b3)
      value = v128.load_splat<f32>(x, 16)
      a4 = madd(value, ga, a4)
      b4 = madd(value, gb, b4)
      value = v128.load_splat<f32>(x, 20)
      a5 = madd(value, ga, a5)
      b5 = madd(value, gb, b5)
      x += xStep
      dy += dyStep
    }
    x += xRowSkip
  }
  addRow(target, a0, b0)
  target += targetStride
  addRow(target, a1, b1)
  target += targetStride
  addRow(target, a2, b2)
  target += targetStride
  addRow(target, a3, b3)
  target += targetStride
  addRow(target, a4, b4)
  target += targetStride
  addRow(target, a5, b5)
}

// @ts-ignore: decorator
@inline
function addRow(target: usize, a: v128, b: v128): void {
  v128.store(target, f32x4.add(v128.load(target), a))
  v128.store(target, f32x4.add(v128.load(target, 16), b), 16)
}
