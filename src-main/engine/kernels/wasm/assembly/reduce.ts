import { argument, pointerArgument, takeTask } from './control'

/** Values summed in single precision before they join a sum in double precision. */
const CHUNK: i32 = 256
/** Columns of one task. */
export const COLUMNS: i32 = 16

/**
 * Sum, maximum or minimum over the middle axis of outer×length×inner. A task is one outer index and 16 columns. Sums are
 * taken in chunks of 256 single-precision additions, the chunks in double precision, in a fixed order.
 */
export function reduce(): void {
  const kind = argument(0)
  const x = pointerArgument(1)
  const y = pointerArgument(2)
  const length = argument(3)
  const inner = argument(4)
  const scale = (<f64>1) / <f64>argument(5)
  const blocks = (inner + COLUMNS - 1) / COLUMNS
  const stride = (<usize>inner) << 2
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const outer = task / blocks
    const first = (task % blocks) * COLUMNS
    const end = min(first + COLUMNS, inner)
    const rows = x + <usize>outer * <usize>length * stride
    const to = y + <usize>outer * stride
    if (inner === 1) {
      store<f32>(to, kind === 0 ? <f32>(sumContiguous(rows, length) * scale) : extreme(rows, length, kind))
      continue
    }
    let column = first
    for (; column + 4 <= end; column += 4) {
      const offset = (<usize>column) << 2
      if (kind === 0) sumQuad(rows + offset, to + offset, length, stride, scale)
      else v128.store(to + offset, extremeQuad(rows + offset, length, stride, kind))
    }
    for (; column < end; column++) {
      const offset = (<usize>column) << 2
      store<f32>(
        to + offset,
        kind === 0
          ? <f32>(sumColumn(rows + offset, length, stride) * scale)
          : extremeColumn(rows + offset, length, stride, kind),
      )
    }
  }
}

function sumContiguous(x: usize, length: i32): f64 {
  let total: f64 = 0
  let index = 0
  while (index + 16 <= length) {
    const end = min(index + CHUNK * 4, length & ~15)
    let a = f32x4.splat(0)
    let b = a
    let c = a
    let d = a
    for (; index < end; index += 16, x += 64) {
      a = f32x4.add(a, v128.load(x))
      b = f32x4.add(b, v128.load(x, 16))
      c = f32x4.add(c, v128.load(x, 32))
      d = f32x4.add(d, v128.load(x, 48))
    }
    total += addLanes(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)))
  }
  for (; index < length; index++, x += 4) total += load<f32>(x)
  return total
}

// @ts-ignore: decorator
@inline
function addLanes(v: v128): f64 {
  return (
    <f64>f32x4.extract_lane(v, 0) +
    <f64>f32x4.extract_lane(v, 1) +
    (<f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3))
  )
}

function sumQuad(x: usize, y: usize, length: i32, stride: usize, scale: f64): void {
  let low = f64x2.splat(0)
  let high = f64x2.splat(0)
  let index = 0
  while (index < length) {
    const end = min(index + CHUNK, length)
    let sum = f32x4.splat(0)
    for (; index < end; index++, x += stride) sum = f32x4.add(sum, v128.load(x))
    low = f64x2.add(low, f64x2.promote_low_f32x4(sum))
    high = f64x2.add(high, f64x2.promote_low_f32x4(i8x16.shuffle(sum, sum, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)))
  }
  const factor = f64x2.splat(scale)
  store<f32>(y, <f32>f64x2.extract_lane(f64x2.mul(low, factor), 0))
  store<f32>(y, <f32>f64x2.extract_lane(f64x2.mul(low, factor), 1), 4)
  store<f32>(y, <f32>f64x2.extract_lane(f64x2.mul(high, factor), 0), 8)
  store<f32>(y, <f32>f64x2.extract_lane(f64x2.mul(high, factor), 1), 12)
}

function sumColumn(x: usize, length: i32, stride: usize): f64 {
  let total: f64 = 0
  let index = 0
  while (index < length) {
    const end = min(index + CHUNK, length)
    let sum: f32 = 0
    for (; index < end; index++, x += stride) sum += load<f32>(x)
    total += sum
  }
  return total
}

// @ts-ignore: decorator
@inline
function extremeOf(kind: i32, a: v128, b: v128): v128 {
  return kind === 1 ? f32x4.max(a, b) : f32x4.min(a, b)
}

function extremeQuad(x: usize, length: i32, stride: usize, kind: i32): v128 {
  let best = v128.load(x)
  for (let index = 1; index < length; index++) {
    x += stride
    best = extremeOf(kind, best, v128.load(x))
  }
  return best
}

function extremeColumn(x: usize, length: i32, stride: usize, kind: i32): f32 {
  let best = load<f32>(x)
  for (let index = 1; index < length; index++) {
    x += stride
    best = kind === 1 ? max(best, load<f32>(x)) : min(best, load<f32>(x))
  }
  return best
}

function extreme(x: usize, length: i32, kind: i32): f32 {
  let index = 0
  let best = v128.load_splat<f32>(x)
  for (; index + 4 <= length; index += 4, x += 16) best = extremeOf(kind, best, v128.load(x))
  for (; index < length; index++, x += 4) best = extremeOf(kind, best, v128.load_splat<f32>(x))
  best = extremeOf(kind, best, i8x16.shuffle(best, best, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7))
  best = extremeOf(kind, best, i8x16.shuffle(best, best, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11))
  return f32x4.extract_lane(best, 0)
}
