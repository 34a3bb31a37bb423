import type { RandomStream } from '../../imaging/random/randomStream.ts'
import { sizeOf, type NamedArray } from '../namedArray.ts'
import { tf } from '../tensor.ts'

/**
 * The trainable tensors of a network by name, in the order they were built. Names are ours, not
 * TensorFlow.js's (whose registry wants them unique over the process, and a teacher and its student
 * share every name).
 */
export type Parameters = ReadonlyMap<string, tf.Variable>

export { sizeOf, type NamedArray }

/** Collects parameters while a network is being built. */
export interface ParameterBuilder {
  /** He-normal for leaky ReLU: standard deviation √(2 / ((1 + slope²) · fanIn)), He et al. 2015, eq. 15. */
  heNormal<R extends tf.Rank>(name: string, shape: tf.ShapeMap[R], fanIn: number): tf.Variable<R>
  constant<R extends tf.Rank>(name: string, shape: tf.ShapeMap[R], value: number): tf.Variable<R>
  readonly parameters: Parameters
}

/**
 * @param stream each parameter draws from a fork named after it, so adding a layer leaves the others as they were
 * @param leakySlope negative slope of the activation that follows
 */
export function parameterBuilder(stream: RandomStream, leakySlope: number): ParameterBuilder {
  const parameters = new Map<string, tf.Variable>()
  const add = <R extends tf.Rank>(
    name: string,
    shape: tf.ShapeMap[R],
    data: Float32Array,
  ): tf.Variable<R> => {
    if (parameters.has(name)) throw new RangeError(`parameter ${name} is built twice`)
    const variable = tf.tidy(() => tf.variable(tf.tensor<R>(data, shape)))
    parameters.set(name, variable)
    return variable
  }
  return {
    parameters,
    heNormal: (name, shape, fanIn) => {
      const draws = stream.fork(name)
      const deviation = Math.sqrt(2 / ((1 + leakySlope * leakySlope) * fanIn))
      const data = new Float32Array(sizeOf(shape))
      for (let i = 0; i < data.length; i++) data[i] = deviation * draws.normal()
      return add(name, shape, data)
    },
    constant: (name, shape, value) => add(name, shape, new Float32Array(sizeOf(shape)).fill(value)),
  }
}

/** How many values a network learns. */
export function parameterCount(parameters: Parameters): number {
  let count = 0
  for (const variable of parameters.values()) count += variable.size
  return count
}

/** Copies every parameter to the CPU. */
export async function readParameters(parameters: Parameters): Promise<Map<string, NamedArray>> {
  const result = new Map<string, NamedArray>()
  for (const [name, variable] of parameters) {
    const data = (await variable.data()) as Float32Array
    result.set(name, { shape: variable.shape, values: Float32Array.from(data) })
  }
  return result
}

/** Frees every parameter; the network must not be used afterwards. */
export function disposeParameters(parameters: Parameters): void {
  for (const variable of parameters.values()) variable.dispose()
}
