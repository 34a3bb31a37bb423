import { tf } from '../../tensor.ts'
import { floatBits, type KernelModule } from './kernelModule.ts'
import { OPERATIONS, type Operation } from './operations.ts'
import { SharedMemoryBackend } from './sharedMemoryBackend.ts'

/** Values of one task; whole vectors, so that only a parameter's last stretch ends inside of one. */
const VALUES_A_STRETCH = 8192
/** 32-bit words of a row of the table (assembly/optimiser.ts). */
const STRETCH_WORDS = 6

/** One parameter of an update: what is read and what is changed. */
export interface UpdatedParameter {
  readonly variable: tf.Variable
  readonly gradient: tf.Tensor
  readonly decays: boolean
}

/** Factors of one update by Adam. */
export interface AdamFactors {
  readonly beta1: number
  readonly beta2: number
  readonly secondCorrection: number
  readonly epsilon: number
  readonly stepSize: number
  /** Learning rate times weight decay. */
  readonly decay: number
}

/** Factors of one update by gradient descent with momentum. */
export interface MomentumFactors {
  readonly momentum: number
  readonly nesterov: boolean
  readonly learningRate: number
  readonly weightDecay: number
}

/**
 * Updates of all parameters in two passes over the shared memory, weights and moments in place: one for the norm, one for
 * everything else. The norm is summed in double precision, stretch by stretch in order, whatever the number of threads.
 */
export interface ParameterUpdates {
  /** Euclidean norm of all gradients together. */
  norm(parameters: readonly UpdatedParameter[]): number
  /** @param moments first and second, flat, parameter after parameter */
  adam(
    parameters: readonly UpdatedParameter[],
    moments: readonly tf.Tensor1D[],
    clip: number,
    factors: AdamFactors,
  ): void
  /** @param moments the one velocity, flat, parameter after parameter */
  momentum(
    parameters: readonly UpdatedParameter[],
    moments: readonly tf.Tensor1D[],
    clip: number,
    factors: MomentumFactors,
  ): void
}

/** The current backend's own updates; null where it has none. */
export function parameterUpdates(): ParameterUpdates | null {
  const backend = tf.backend()
  return backend instanceof SharedMemoryBackend ? updatesOn(backend) : null
}

function updatesOn(backend: SharedMemoryBackend): ParameterUpdates {
  const { module } = backend
  const update = (
    operation: Operation,
    parameters: readonly UpdatedParameter[],
    moments: readonly tf.Tensor1D[],
    factors: readonly number[],
  ): void => {
    for (const { variable } of parameters) makeOwn(backend, variable)
    withStretches(backend, parameters, moments, (table, count) =>
      module.run(operation, count, [table, ...factors]),
    )
  }
  return {
    norm: (parameters) =>
      withStretches(backend, parameters, [], (table, count) => {
        const sums = module.heap.allocate(count * 8)
        module.run(OPERATIONS.gradientSquares, count, [table, sums])
        const total = module.heap.doubles(sums, count).reduce((a, b) => a + b, 0)
        module.heap.release(sums)
        return Math.sqrt(total)
      }),
    adam: (parameters, moments, clip, factors) => {
      const { beta1, beta2, secondCorrection, epsilon, stepSize, decay } = factors
      const numbers = [clip, beta1, 1 - beta1, beta2, 1 - beta2, secondCorrection, epsilon]
      const bits = [...numbers, stepSize, decay].map(floatBits)
      update(OPERATIONS.adamUpdate, parameters, moments, bits)
    },
    momentum: (parameters, moments, clip, { momentum, nesterov, learningRate, weightDecay }) => {
      const bits = [clip, momentum, learningRate, weightDecay].map(floatBits)
      update(OPERATIONS.momentumUpdate, parameters, moments, [...bits, nesterov ? 1 : 0])
    },
  }
}

/** Gives a variable values of its own where clones, such as a weight average, still see them. */
function makeOwn(backend: SharedMemoryBackend, variable: tf.Variable): void {
  if (!backend.isShared(variable)) return
  tf.tidy(() => variable.assign(tf.tensor(variable.dataSync(), variable.shape)))
}

/** Lays the table of stretches out for as long as `act` runs. */
function withStretches<T>(
  backend: SharedMemoryBackend,
  parameters: readonly UpdatedParameter[],
  moments: readonly tf.Tensor1D[],
  act: (table: number, count: number) => T,
): T {
  const { module } = backend
  const [first, second] = moments.map((moment) => backend.address(moment))
  const rows: number[] = []
  let before = 0
  for (const { variable, gradient, decays } of parameters) {
    const weights = backend.address(variable)
    const slope = backend.address(gradient)
    for (let start = 0; start < variable.size; start += VALUES_A_STRETCH) {
      const offset = 4 * start
      const moment = 4 * (before + start)
      rows.push(weights + offset, slope + offset, (first ?? 0) + moment, (second ?? 0) + moment)
      rows.push(Math.min(VALUES_A_STRETCH, variable.size - start), decays ? 1 : 0)
    }
    before += variable.size
  }
  return withTable(module, rows, act)
}

function withTable<T>(
  module: KernelModule,
  rows: readonly number[],
  act: (table: number, count: number) => T,
): T {
  const table = module.heap.allocate(rows.length * 4)
  // Addresses beyond 2 GiB wrap to negative integers, whose bits are the same.
  module.heap.integers(table, rows.length).set(rows)
  try {
    return act(table, rows.length / STRETCH_WORDS)
  } finally {
    module.heap.release(table)
  }
}
