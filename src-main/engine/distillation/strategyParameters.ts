import type { RandomStream } from '../../imaging/random/randomStream.ts'
import { tf } from '../tensor.ts'

/** Collects what a strategy trains beside the student. */
export interface StrategyParameters {
  readonly all: ReadonlyMap<string, tf.Variable>
  /** Normal draws of standard deviation 1/√rows from a fork named after the parameter. */
  normal(name: string, rows: number, columns: number): tf.Variable<tf.Rank.R2>
  zeros<R extends tf.Rank>(name: string, shape: tf.ShapeMap[R]): tf.Variable<R>
  identity(name: string, size: number): tf.Variable<tf.Rank.R2>
  dispose(): void
}

export function strategyParameters(stream: RandomStream): StrategyParameters {
  const all = new Map<string, tf.Variable>()
  const add = <R extends tf.Rank>(name: string, make: () => tf.Tensor<R>): tf.Variable<R> => {
    const variable = tf.tidy(() => tf.variable(make()))
    all.set(name, variable)
    return variable
  }
  return {
    all,
    normal: (name, rows, columns) => {
      const draws = stream.fork(name)
      const values = new Float32Array(rows * columns)
      for (let i = 0; i < values.length; i++) values[i] = draws.normal() / Math.sqrt(rows)
      return add(name, () => tf.tensor2d(values, [rows, columns]))
    },
    zeros: (name, shape) => add(name, () => tf.zeros(shape)),
    identity: (name, size) => add(name, () => tf.eye(size)),
    dispose: () => {
      for (const variable of all.values()) variable.dispose()
    },
  }
}
