import { argument, ARGUMENTS, pointerArgument, takeTask } from './control'
import { rowOffset } from './odometer'

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
  const rowBytes = (<usize>inner) << 2
  const contiguous = sourceStep === 4 && targetStep === 4
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const endRow = min((task + 1) * rowsATask, rows)
    for (let row = task * rowsATask; row < endRow; row++) {
      let from = source + rowOffset(axes, row, 0)
      let to = target + rowOffset(axes, row, 1)
      if (contiguous && !adds && inner >= 32) {
        memory.copy(to, from, rowBytes)
        continue
      }
      let index = 0
      if (contiguous) {
        for (; index + 4 <= inner; index += 4, from += 16, to += 16) {
          const value = v128.load(from)
          v128.store(to, adds ? f32x4.add(v128.load(to), value) : value)
        }
      }
      for (; index < inner; index++) {
        if (adds) store<f32>(to, load<f32>(to) + load<f32>(from))
        else store<u32>(to, load<u32>(from))
        from += sourceStep
        to += targetStep
      }
    }
  }
}
