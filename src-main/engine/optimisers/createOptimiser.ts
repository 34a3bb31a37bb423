import { parameterUpdates, type ParameterUpdates } from '../kernels/index.ts'
import { sizeOf, type NamedArray } from '../namedArray.ts'
import type { Parameters } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import { adam } from './adam.ts'
import { momentumDescent } from './momentumDescent.ts'
import type { Optimiser, OptimiserConfig } from './optimiser.ts'
import type { UpdateRule } from './updateRule.ts'

/**
 * The optimiser of a plan, with all moments at zero. Weight decay acts on filters, not on biases and norms.
 *
 * Where the backend updates by kernels of its own, two passes over memory do it all; else all parameters are updated as
 * one flat vector: a dozen operations a step in place of a dozen for each of some sixty tensors. Both give the same bits
 * as long as the gradient is not clipped, and agree to float32 rounding of the clip factor where it is.
 *
 * @param kernels the backend's updates; null composes them of tensor operations
 */
export function createOptimiser(
  parameters: Parameters,
  config: OptimiserConfig,
  kernels: ParameterUpdates | null = parameterUpdates(),
): Optimiser {
  const rule = ruleOf(config)
  const entries = [...parameters]
  const sizes = entries.map(([, variable]) => variable.size)
  const total = sizes.reduce((a, b) => a + b, 0)
  const decays = config.weightDecay > 0 && kernels === null ? decayMask(parameters, total) : null
  let moments = rule.momentNames.map(() => tf.keep(tf.zeros<tf.Rank.R1>([total])))
  let updates = 0

  const replace = (next: readonly tf.Tensor1D[]): void => {
    tf.dispose(moments)
    // A step may run inside of a tidy, which would take the moments with it.
    moments = next.map((moment) => tf.keep(moment))
  }

  const clipOf = (norm: number): number => (norm > config.clipNorm ? config.clipNorm / norm : 1)

  const applyFused = (
    updatesOfBackend: ParameterUpdates,
    gradients: ReadonlyMap<string, tf.Tensor>,
    learningRate: number,
  ): number => {
    const updated = entries.map(([name, variable]) => ({
      variable,
      gradient: required(gradients, name),
      decays: config.weightDecay > 0 && isDecaying(name),
    }))
    const norm = updatesOfBackend.norm(updated)
    if (!Number.isFinite(norm)) return norm
    updates++
    const clip = clipOf(norm)
    rule.fuse(updatesOfBackend, updated, { moments, learningRate, count: updates, clip })
    return norm
  }

  const applyComposed = (
    gradients: ReadonlyMap<string, tf.Tensor>,
    learningRate: number,
  ): number => {
    const flat = tf.tidy(() => flatten(entries.map(([name]) => required(gradients, name))))
    const norm = tf.tidy(() => Math.sqrt(tf.sum(tf.square(flat)).dataSync()[0]))
    if (!Number.isFinite(norm)) {
      flat.dispose()
      return norm
    }
    updates++
    const clip = clipOf(norm)
    const next = tf.tidy(() => {
      const gradient = clip === 1 ? flat : (tf.mul(flat, clip) as tf.Tensor1D)
      const weights = flatten(entries.map(([, variable]) => variable))
      const count = updates
      const step = rule.compose({ weights, gradient, moments, decays, learningRate, count })
      const parts = tf.split(tf.sub(weights, step.change) as tf.Tensor1D, sizes)
      entries.forEach(([, variable], i) => variable.assign(tf.reshape(parts[i], variable.shape)))
      return step.moments
    })
    flat.dispose()
    replace(next)
    return norm
  }

  const readMoments = async (): Promise<Map<string, NamedArray>> => {
    const result = new Map<string, NamedArray>()
    for (const [index, prefix] of rule.momentNames.entries()) {
      const data = (await moments[index].data()) as Float32Array
      let start = 0
      for (const [name, { shape, size }] of entries) {
        result.set(`${prefix}/${name}`, { shape, values: data.slice(start, start + size) })
        start += size
      }
    }
    return result
  }

  const gather = (stored: ReadonlyMap<string, NamedArray>, prefix: string): Float32Array => {
    const data = new Float32Array(total)
    let start = 0
    for (const [name, { size }] of entries) {
      const moment = required(stored, `${prefix}/${name}`)
      if (sizeOf(moment.shape) !== size) {
        throw new RangeError(`moment ${prefix}/${name} has the wrong size`)
      }
      data.set(moment.values, start)
      start += size
    }
    return data
  }

  return {
    apply: (gradients, learningRate) =>
      kernels
        ? applyFused(kernels, gradients, learningRate)
        : applyComposed(gradients, learningRate),
    get updates() {
      return updates
    },
    moments: readMoments,
    restore: (stored, count) => {
      const values = rule.momentNames.map((prefix) => gather(stored, prefix))
      replace(values.map((data) => tf.tensor1d(data)))
      updates = count
    },
    dispose: () => tf.dispose([...moments, ...(decays ? [decays] : [])]),
  }
}

function ruleOf(config: OptimiserConfig): UpdateRule {
  switch (config.kind) {
    case 'adam':
      return adam(config.weightDecay)
    case 'sgd':
      return momentumDescent(config)
  }
}

const flatten = (tensors: readonly tf.Tensor[]): tf.Tensor1D =>
  tf.concat1d(tensors.map((tensor) => tf.reshape<tf.Rank.R1>(tensor, [tensor.size])))

function required<T>(values: ReadonlyMap<string, T>, name: string): T {
  const value = values.get(name)
  if (value === undefined) throw new RangeError(`nothing is stored for ${name}`)
  return value
}

/** Filters are told by the end of their name. */
const isDecaying = (name: string): boolean => name.endsWith('.filter')

/** 1 where weight decay acts. */
function decayMask(parameters: Parameters, total: number): tf.Tensor1D {
  const mask = new Float32Array(total)
  let start = 0
  for (const [name, { size }] of parameters) {
    if (isDecaying(name)) mask.fill(1, start, start + size)
    start += size
  }
  return tf.keep(tf.tensor1d(mask))
}
