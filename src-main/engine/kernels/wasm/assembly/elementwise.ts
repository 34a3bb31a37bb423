import { argument, ARGUMENTS, floatArgument, pointerArgument, takeTask } from './control'
import { rowOffset, rowsInStride, rowStride } from './odometer'
import { exponential, logarithm } from './vectorMath'

/** Numbers as in the host's elementwiseKernels.ts. */
// @ts-ignore: decorator
@inline
function combine(operation: i32, a: v128, b: v128): v128 {
  switch (operation) {
    case 0:
      return f32x4.add(a, b)
    case 1:
      return f32x4.sub(a, b)
    case 2:
      return f32x4.mul(a, b)
    case 3:
      return f32x4.div(a, b)
    case 4:
      return f32x4.max(a, b)
    case 5:
      return f32x4.min(a, b)
    default: {
      const difference = f32x4.sub(a, b)
      return f32x4.mul(difference, difference)
    }
  }
}

/** One row: a and b advance by their step, 4 bytes or 0. */
// @ts-ignore: decorator
@inline
function combineRow(operation: i32, a: usize, b: usize, y: usize, count: i32, stepA: i32, stepB: i32): void {
  const end = y + ((<usize>count) << 2)
  const endOfQuads = y + ((<usize>(count & ~3)) << 2)
  if (stepA && stepB) {
    for (; y < endOfQuads; a += 16, b += 16, y += 16) {
      v128.store(y, combine(operation, v128.load(a), v128.load(b)))
    }
  } else if (stepA) {
    const value = v128.load_splat<f32>(b)
    for (; y < endOfQuads; a += 16, y += 16) {
      v128.store(y, combine(operation, v128.load(a), value))
    }
  } else {
    const value = v128.load_splat<f32>(a)
    for (; y < endOfQuads; b += 16, y += 16) {
      v128.store(y, combine(operation, value, v128.load(b)))
    }
  }
  while (y < end) {
    const value = combine(operation, v128.load_splat<f32>(a), v128.load_splat<f32>(b))
    store<f32>(y, f32x4.extract_lane(value, 0))
    a += stepA
    b += stepB
    y += 4
  }
}

/**
 * y = a ∘ b with broadcasting. A task is a group of rows, or a part of one long row; rows lie along the innermost axis.
 */
export function binary(): void {
  const operation = argument(0)
  switch (operation) {
    case 0:
      binaryRows(0)
      break
    case 1:
      binaryRows(1)
      break
    case 2:
      binaryRows(2)
      break
    case 3:
      binaryRows(3)
      break
    case 4:
      binaryRows(4)
      break
    case 5:
      binaryRows(5)
      break
    default:
      binaryRows(6)
  }
}

// @ts-ignore: decorator
@inline
function binaryRows(operation: i32): void {
  const a = pointerArgument(1)
  const b = pointerArgument(2)
  const y = pointerArgument(3)
  const rows = argument(4)
  const inner = argument(5)
  const stepA = argument(6)
  const stepB = argument(7)
  const rowsATask = argument(8)
  const partsARow = argument(9)
  const partLength = argument(10)
  const axes = ARGUMENTS + 11 * 4
  const rowStepA = rowStride(axes, 0)
  const rowStepB = rowStride(axes, 1)
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const firstRow = (task / partsARow) * rowsATask
    const first = (task % partsARow) * partLength
    const count = min(partLength, inner - first)
    const endRow = min(firstRow + rowsATask, rows)
    let row = firstRow
    while (row < endRow) {
      const stretch = rowsInStride(axes, row, endRow - row)
      let rowA = a + rowOffset(axes, row, 0) + first * stepA
      let rowB = b + rowOffset(axes, row, 1) + first * stepB
      let rowY = y + ((<usize>(row * inner + first)) << 2)
      for (let index = 0; index < stretch; index++) {
        combineRow(operation, rowA, rowB, rowY, count, stepA, stepB)
        rowA += rowStepA
        rowB += rowStepB
        rowY += <usize>inner << 2
      }
      row += stretch
    }
  }
}

const ONE: f32 = 1

// @ts-ignore: decorator
@inline
function transform(operation: i32, x: v128, p: v128, q: v128): v128 {
  switch (operation) {
    case 0:
      return f32x4.abs(x)
    case 1:
      return exponential(x)
    case 2:
      return logarithm(x)
    case 3:
      return f32x4.neg(x)
    case 4:
      return f32x4.div(f32x4.splat(ONE), x)
    case 5:
      return f32x4.max(x, f32x4.splat(0))
    case 6:
      // Leaky ReLU, slope p.
      return v128.bitselect(x, f32x4.mul(x, p), f32x4.gt(x, f32x4.splat(0)))
    case 7:
      return f32x4.div(f32x4.splat(ONE), f32x4.sqrt(x))
    case 8:
      return f32x4.div(f32x4.splat(ONE), f32x4.add(f32x4.splat(ONE), exponential(f32x4.neg(x))))
    case 9:
      return f32x4.sqrt(x)
    case 10:
      return f32x4.mul(x, x)
    case 11: {
      // Step: 1 above zero, p elsewhere, NaN stays.
      const y = v128.bitselect(f32x4.splat(ONE), p, f32x4.gt(x, f32x4.splat(0)))
      return v128.bitselect(x, y, f32x4.ne(x, x))
    }
    default:
      // Clip to [p, q].
      return f32x4.min(f32x4.max(x, p), q)
  }
}

// @ts-ignore: decorator
@inline
function unaryRange(operation: i32): void {
  const x = pointerArgument(1)
  const y = pointerArgument(2)
  const count = argument(3)
  const partLength = argument(4)
  const p = f32x4.splat(floatArgument(5))
  const q = f32x4.splat(floatArgument(6))
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const first = task * partLength
    const length = min(partLength, count - first)
    let from = x + ((<usize>first) << 2)
    let to = y + ((<usize>first) << 2)
    const end = to + ((<usize>length) << 2)
    const endOfQuads = to + ((<usize>(length & ~3)) << 2)
    for (; to < endOfQuads; from += 16, to += 16) {
      v128.store(to, transform(operation, v128.load(from), p, q))
    }
    for (; to < end; from += 4, to += 4) {
      const value = transform(operation, v128.load_splat<f32>(from), p, q)
      store<f32>(to, f32x4.extract_lane(value, 0))
    }
  }
}

/** y = f(x) value by value. A task is a part of the values. Numbers as in the host's elementwiseKernels.ts. */
export function unary(): void {
  switch (argument(0)) {
    case 0:
      unaryRange(0)
      break
    case 1:
      unaryRange(1)
      break
    case 2:
      unaryRange(2)
      break
    case 3:
      unaryRange(3)
      break
    case 4:
      unaryRange(4)
      break
    case 5:
      unaryRange(5)
      break
    case 6:
      unaryRange(6)
      break
    case 7:
      unaryRange(7)
      break
    case 8:
      unaryRange(8)
      break
    case 9:
      unaryRange(9)
      break
    case 10:
      unaryRange(10)
      break
    case 11:
      unaryRange(11)
      break
    default:
      unaryRange(12)
  }
}
