import { madd } from './fusedMultiplyAdd'

/** Rows (tap along the row, input channel) of the narrow tile; the wide one has as many as a convolution's. */
export const NARROW_GRADIENT_ROWS: i32 = 12

/**
 * One register tile of a filter gradient: 6 consecutive (tap along the row, input channel) pairs × 8 output channels,
 * summed over a block of output voxels and added to `target`.
 *
 * @param x first tap of the first voxel, in a zero-framed plane
 * @param dy gradient at the first voxel
 * @param xStep bytes from one voxel's taps to the next along a row
 * @param xRowSkip bytes from the end of a row's taps to the next row's start
 * @param target rows of `targetStride` bytes
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
      const gradientA = v128.load(dy, 0)
      const gradientB = v128.load(dy, 16)
      let value = v128.load_splat<f32>(x, 0)
      a0 = madd(value, gradientA, a0)
      b0 = madd(value, gradientB, b0)
      value = v128.load_splat<f32>(x, 4)
      a1 = madd(value, gradientA, a1)
      b1 = madd(value, gradientB, b1)
      value = v128.load_splat<f32>(x, 8)
      a2 = madd(value, gradientA, a2)
      b2 = madd(value, gradientB, b2)
      value = v128.load_splat<f32>(x, 12)
      a3 = madd(value, gradientA, a3)
      b3 = madd(value, gradientB, b3)
      value = v128.load_splat<f32>(x, 16)
      a4 = madd(value, gradientA, a4)
      b4 = madd(value, gradientB, b4)
      value = v128.load_splat<f32>(x, 20)
      a5 = madd(value, gradientA, a5)
      b5 = madd(value, gradientB, b5)
      x += xStep
      dy += dyStep
    }
    x += xRowSkip
  }
  addTo(target, a0, 0)
  addTo(target, b0, 16)
  target += targetStride
  addTo(target, a1, 0)
  addTo(target, b1, 16)
  target += targetStride
  addTo(target, a2, 0)
  addTo(target, b2, 16)
  target += targetStride
  addTo(target, a3, 0)
  addTo(target, b3, 16)
  target += targetStride
  addTo(target, a4, 0)
  addTo(target, b4, 16)
  target += targetStride
  addTo(target, a5, 0)
  addTo(target, b5, 16)
}

/** The same for 12 pairs × 4 output channels. */
export function accumulateNarrowFilterTile(
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
  let a1 = f32x4.splat(0)
  let a2 = f32x4.splat(0)
  let a3 = f32x4.splat(0)
  let a4 = f32x4.splat(0)
  let a5 = f32x4.splat(0)
  let a6 = f32x4.splat(0)
  let a7 = f32x4.splat(0)
  let a8 = f32x4.splat(0)
  let a9 = f32x4.splat(0)
  let a10 = f32x4.splat(0)
  let a11 = f32x4.splat(0)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const gradientA = v128.load(dy, 0)
      let value = v128.load_splat<f32>(x, 0)
      a0 = madd(value, gradientA, a0)
      value = v128.load_splat<f32>(x, 4)
      a1 = madd(value, gradientA, a1)
      value = v128.load_splat<f32>(x, 8)
      a2 = madd(value, gradientA, a2)
      value = v128.load_splat<f32>(x, 12)
      a3 = madd(value, gradientA, a3)
      value = v128.load_splat<f32>(x, 16)
      a4 = madd(value, gradientA, a4)
      value = v128.load_splat<f32>(x, 20)
      a5 = madd(value, gradientA, a5)
      value = v128.load_splat<f32>(x, 24)
      a6 = madd(value, gradientA, a6)
      value = v128.load_splat<f32>(x, 28)
      a7 = madd(value, gradientA, a7)
      value = v128.load_splat<f32>(x, 32)
      a8 = madd(value, gradientA, a8)
      value = v128.load_splat<f32>(x, 36)
      a9 = madd(value, gradientA, a9)
      value = v128.load_splat<f32>(x, 40)
      a10 = madd(value, gradientA, a10)
      value = v128.load_splat<f32>(x, 44)
      a11 = madd(value, gradientA, a11)
      x += xStep
      dy += dyStep
    }
    x += xRowSkip
  }
  addTo(target, a0, 0)
  target += targetStride
  addTo(target, a1, 0)
  target += targetStride
  addTo(target, a2, 0)
  target += targetStride
  addTo(target, a3, 0)
  target += targetStride
  addTo(target, a4, 0)
  target += targetStride
  addTo(target, a5, 0)
  target += targetStride
  addTo(target, a6, 0)
  target += targetStride
  addTo(target, a7, 0)
  target += targetStride
  addTo(target, a8, 0)
  target += targetStride
  addTo(target, a9, 0)
  target += targetStride
  addTo(target, a10, 0)
  target += targetStride
  addTo(target, a11, 0)
}

// @ts-ignore: decorator
@inline
function addTo(target: usize, value: v128, offset: usize): void {
  v128.store(target + offset, f32x4.add(v128.load(target + offset), value))
}
