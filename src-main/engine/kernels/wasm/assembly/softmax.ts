import { argument, pointerArgument, takeTask } from './control'
import { exponential, logarithm } from './vectorMath'

/**
 * Softmax, or its logarithm, along the last axis of rows×length, the row's maximum taken out first. A task is a group of
 * rows.
 */
export function softmax(): void {
  const x = pointerArgument(0)
  const y = pointerArgument(1)
  const rows = argument(2)
  const length = argument(3)
  const logarithmic = argument(4) !== 0
  const rowsATask = argument(5)
  const rowBytes = (<usize>length) << 2
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const endRow = min((task + 1) * rowsATask, rows)
    for (let row = task * rowsATask; row < endRow; row++) {
      const from = x + <usize>row * rowBytes
      const to = y + <usize>row * rowBytes
      let best = load<f32>(from)
      for (let offset: usize = 4; offset < rowBytes; offset += 4) best = max(best, load<f32>(from + offset))
      const total = exponentials(from, to, rowBytes, best)
      if (logarithmic) {
        const shift = best + f32x4.extract_lane(logarithm(f32x4.splat(total)), 0)
        for (let offset: usize = 0; offset < rowBytes; offset += 4) {
          store<f32>(to + offset, load<f32>(from + offset) - shift)
        }
      } else {
        const factor: f32 = (<f32>1) / total
        for (let offset: usize = 0; offset < rowBytes; offset += 4) {
          store<f32>(to + offset, load<f32>(to + offset) * factor)
        }
      }
    }
  }
}

/** exp(x − shift) of a row into y; returns their sum. */
// @ts-ignore: decorator
@inline
export function exponentials(from: usize, to: usize, rowBytes: usize, shift: f32): f32 {
  const minimum = f32x4.splat(shift)
  let total: f32 = 0
  let offset: usize = 0
  for (; offset + 16 <= rowBytes; offset += 16) {
    const value = exponential(f32x4.sub(v128.load(from + offset), minimum))
    v128.store(to + offset, value)
    total += f32x4.extract_lane(value, 0) + f32x4.extract_lane(value, 1)
    total += f32x4.extract_lane(value, 2) + f32x4.extract_lane(value, 3)
  }
  for (; offset < rowBytes; offset += 4) {
    const value = exponential(f32x4.sub(v128.load_splat<f32>(from + offset), minimum))
    const scalar = f32x4.extract_lane(value, 0)
    store<f32>(to + offset, scalar)
    total += scalar
  }
  return total
}
