import { OPERATIONS } from './operations.ts'
import type { SharedMemoryBackend } from './sharedMemoryBackend.ts'
import { planWalk } from './walk.ts'

const VALUES_A_TASK = 65536

/**
 * Copies (or adds) a block of values between two tensors.
 *
 * @param source address of the block's first value in the one, `sourceStrides` in values
 * @param target address of the block's first value in the other
 * @returns false, with nothing done, where the strides need more axes than the kernels walk
 */
export function copyBlock(
  backend: SharedMemoryBackend,
  shape: readonly number[],
  source: number,
  sourceStrides: readonly number[],
  target: number,
  targetStrides: readonly number[],
  mode: 'copy' | 'add' = 'copy',
): boolean {
  const walk = planWalk(shape, [sourceStrides, targetStrides])
  if (!walk) return false
  const { rows, inner } = splitLongRow(walk.rows, walk.inner)
  const axes = [...walk.axes]
  if (inner !== walk.inner) {
    // One long row: cut it, so that threads can share it.
    axes.splice(12, 4, rows, walk.steps[0]! * inner, walk.steps[1]! * inner, 0)
  }
  const rowsATask = Math.max(1, Math.floor(VALUES_A_TASK / inner))
  backend.module.run(OPERATIONS.copyStrided, Math.ceil(rows / rowsATask), [
    ...[source, target, rows, inner, walk.steps[0]!, walk.steps[1]!],
    ...[mode === 'add' ? 1 : 0, rowsATask, ...axes],
  ])
  return true
}

function splitLongRow(rows: number, inner: number): { rows: number; inner: number } {
  if (rows !== 1 || inner < 2 * VALUES_A_TASK) return { rows, inner }
  let parts = Math.floor(inner / VALUES_A_TASK)
  while (inner % parts !== 0) parts--
  return { rows: parts, inner: inner / parts }
}
