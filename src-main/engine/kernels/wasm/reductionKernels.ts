import { tf } from '../../tensor.ts'
import { floatKernel } from './floatKernel.ts'
import { OPERATIONS } from './operations.ts'
import type { SharedMemoryBackend } from './sharedMemoryBackend.ts'

/** Columns of one task, as in assembly/reduce.ts. */
const COLUMNS_A_TASK = 16
const SUM = 0
const MAX = 1
const MIN = 2

/** Rows of a softmax in one task. */
const ROWS_A_TASK = 2048

export function reductionKernels(): tf.KernelConfig[] {
  return [
    reductionKernel('Sum', SUM, () => 1),
    reductionKernel('Mean', SUM, (length) => length),
    reductionKernel('Max', MAX, () => 1),
    reductionKernel('Min', MIN, () => 1),
    softmaxKernel('Softmax', 'dim', false),
    softmaxKernel('LogSoftmax', 'axis', true),
  ]
}

/** Reduces the middle axis of outer×length×inner floats. */
export function reduceMiddle(
  backend: SharedMemoryBackend,
  x: number,
  y: number,
  size: { readonly outer: number; readonly length: number; readonly inner: number },
  kind: number = SUM,
  divisor = 1,
): void {
  const blocks = Math.ceil(size.inner / COLUMNS_A_TASK)
  backend.module.run(OPERATIONS.reduce, size.outer * blocks, [
    ...[kind, x, y, size.length, size.inner, divisor],
  ])
}

function reductionKernel(
  name: string,
  kind: number,
  divisor: (length: number) => number,
): tf.KernelConfig {
  return floatKernel(name, ({ inputs, attributes, backend }) => {
    const x = inputs.x!
    const { axis, reductionIndices, keepDims } = attributes as {
      axis?: number | number[]
      reductionIndices?: number | number[]
      keepDims: boolean
    }
    const rank = x.shape.length
    const axes = tf.util.parseAxisParam(axis ?? reductionIndices ?? [...x.shape.keys()], x.shape)
    axes.sort((a, b) => a - b)
    const first = axes[0] ?? 0
    const last = axes[axes.length - 1] ?? -1
    // Axes with a gap between them need a transpose; the JavaScript kernel does that.
    if (last - first + 1 !== axes.length) return null
    const product = (from: number, to: number): number =>
      x.shape.slice(from, to).reduce((size, next) => size * next, 1)
    const size = {
      outer: product(0, first),
      length: product(first, last + 1),
      inner: product(last + 1, rank),
    }
    const shape = x.shape.flatMap((length, i) =>
      axes.includes(i) ? (keepDims ? [1] : []) : [length],
    )
    const y = backend.makeFloats(shape)
    reduceMiddle(backend, backend.address(x), backend.address(y), size, kind, divisor(size.length))
    return y
  })
}

function softmaxKernel(name: string, axisName: string, logarithmic: boolean): tf.KernelConfig {
  return floatKernel(name, ({ inputs, attributes, backend }) => {
    const x = inputs.logits!
    const axis = attributes[axisName] as number
    if (axis !== -1 && axis !== x.shape.length - 1) return null
    const length = x.shape[x.shape.length - 1]!
    const rows = tf.util.sizeFromShape(x.shape) / length
    const y = backend.makeFloats(x.shape)
    backend.module.run(OPERATIONS.softmax, Math.ceil(rows / ROWS_A_TASK), [
      ...[backend.address(x), backend.address(y), rows, length, logarithmic ? 1 : 0, ROWS_A_TASK],
    ])
    return y
  })
}
