import { argument, ARGUMENTS, pointerArgument, takeTask } from './control'
import { rowOffset, rowsInStride, rowStride } from './odometer'

/**
 * Copies, or adds, 32-bit values between two tensors of one shape and any strides: slicing, joining, padding, transposing,
 * mirroring, repeating and their gradients. A task is a group of rows along the innermost axis.
 */
export function copyStrided(): void {
  const source = pointerArgument(0)
  const target = pointerArgument(1)
  const rows = argument(2)
  const inner = argument(3)
  const sourceStep = argument(4)
  const targetStep = argument(5)
  const adds = argument(6) !== 0
  const rowsATask = argument(7)
  const axes = ARGUMENTS + 8 * 4
  const contiguous = sourceStep === 4 && targetStep === 4
  const sourceRow = rowStride(axes, 0)
  const targetRow = rowStride(axes, 1)
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const endRow = min((task + 1) * rowsATask, rows)
    let row = task * rowsATask
    while (row < endRow) {
      const stretch = rowsInStride(axes, row, endRow - row)
      let from = source + rowOffset(axes, row, 0)
      let to = target + rowOffset(axes, row, 1)
      for (let index = 0; index < stretch; index++) {
        if (contiguous) {
          if (adds) addRow(from, to, inner)
          else copyRow(from, to, inner)
        } else {
          gatherRow(from, to, inner, sourceStep, targetStep, adds)
        }
        from += sourceRow
        to += targetRow
      }
      row += stretch
    }
  }
}

/** Values from which on the engine's own block copy beats a loop. */
const LONG_ROW: i32 = 64

// @ts-ignore: decorator
@inline
function copyRow(from: usize, to: usize, count: i32): void {
  if (count >= LONG_ROW) {
    memory.copy(to, from, (<usize>count) << 2)
    return
  }
  let index = 0
  for (; index + 4 <= count; index += 4, from += 16, to += 16) v128.store(to, v128.load(from))
  for (; index < count; index++, from += 4, to += 4) store<u32>(to, load<u32>(from))
}

// @ts-ignore: decorator
@inline
function addRow(from: usize, to: usize, count: i32): void {
  let index = 0
  for (; index + 4 <= count; index += 4, from += 16, to += 16) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)))
  }
  for (; index < count; index++, from += 4, to += 4) {
    store<f32>(to, load<f32>(to) + load<f32>(from))
  }
}

function gatherRow(
  from: usize,
  to: usize,
  count: i32,
  sourceStep: i32,
  targetStep: i32,
  adds: bool,
): void {
  for (let index = 0; index < count; index++) {
    if (adds) store<f32>(to, load<f32>(to) + load<f32>(from))
    else store<u32>(to, load<u32>(from))
    from += sourceStep
    to += targetStep
  }
}
