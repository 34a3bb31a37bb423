import { tf } from '../../tensor.ts'
import { floatKernel } from './floatKernel.ts'
import { floatBits } from './kernelModule.ts'
import { OPERATIONS } from './operations.ts'
import { broadcastStrides, planWalk } from './walk.ts'

/** Values of one task: long enough to be worth a thread, short enough to share out. */
const VALUES_A_TASK = 32768

/** Numbers as in assembly/elementwise.ts. */
const BINARY_OPERATIONS: Readonly<Record<string, number>> = {
  Add: 0,
  Sub: 1,
  Multiply: 2,
  RealDiv: 3,
  Maximum: 4,
  Minimum: 5,
  SquaredDifference: 6,
}

const UNARY_OPERATIONS: Readonly<Record<string, number>> = {
  Abs: 0,
  Exp: 1,
  Log: 2,
  Neg: 3,
  Reciprocal: 4,
  Relu: 5,
  LeakyRelu: 6,
  Rsqrt: 7,
  Sigmoid: 8,
  Sqrt: 9,
  Square: 10,
  Step: 11,
  ClipByValue: 12,
}

export function elementwiseKernels(): tf.KernelConfig[] {
  return [
    ...Object.entries(BINARY_OPERATIONS).map(([name, number]) => binaryKernel(name, number)),
    ...Object.entries(UNARY_OPERATIONS).map(([name, number]) => unaryKernel(name, number)),
  ]
}

function binaryKernel(name: string, operation: number): tf.KernelConfig {
  return floatKernel(name, ({ inputs, backend }) => {
    const { a, b } = inputs
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a!.shape, b!.shape)
    const walk = planWalk(shape, [
      broadcastStrides(a!.shape, shape),
      broadcastStrides(b!.shape, shape),
    ])
    if (!walk) return null
    const y = backend.makeFloats(shape)
    const rowsATask = Math.max(1, Math.floor(VALUES_A_TASK / walk.inner))
    const partLength = Math.min(walk.inner, VALUES_A_TASK)
    const parts = Math.ceil(walk.inner / partLength)
    backend.module.run(OPERATIONS.binary, Math.ceil(walk.rows / rowsATask) * parts, [
      ...[operation, backend.address(a!), backend.address(b!), backend.address(y)],
      ...[walk.rows, walk.inner, walk.steps[0]!, walk.steps[1]!, rowsATask, parts, partLength],
      ...walk.axes,
    ])
    return y
  })
}

function unaryKernel(name: string, operation: number): tf.KernelConfig {
  return floatKernel(name, ({ inputs, attributes, backend }) => {
    const x = inputs.x!
    const y = backend.makeFloats(x.shape)
    const count = tf.util.sizeFromShape(x.shape)
    const { alpha, clipValueMin, clipValueMax } = attributes as Record<string, number | undefined>
    backend.module.run(OPERATIONS.unary, Math.ceil(count / VALUES_A_TASK), [
      ...[operation, backend.address(x), backend.address(y), count, VALUES_A_TASK],
      ...[floatBits(alpha ?? clipValueMin ?? 0), floatBits(clipValueMax ?? 0)],
    ])
    return y
  })
}
