import type { NamedArray } from '../networks/index.ts'
import { tf } from '../tensor.ts'

/**
 * An exponential moving average of a network's weights (Polyak & Juditsky 1992): a̅ ← d·a̅ + (1 − d)·w after every
 * update, with d = min(decay, (1 + t) / (10 + t)) for t updates so far, so that the random start does not linger in a
 * short run.
 */
export interface WeightAverage {
  /** Takes the weights after an update in. @param updates made before it, from 0 */
  update(updates: number): void
  /** The averaged weights by parameter. */
  read(): Promise<Map<string, NamedArray>>
  /**
   * Runs something with the averaged weights in the network, and puts the trained ones back, whatever happens.
   */
  during<T>(act: () => Promise<T>): Promise<T>
  /** Continues from stored averages. Throws a RangeError where one is missing or has another size. */
  restore(stored: ReadonlyMap<string, NamedArray>): void
  dispose(): void
}

/** Starts an average at the weights as they are. */
export function createWeightAverage(
  parameters: ReadonlyMap<string, tf.Variable>,
  decay: number,
): WeightAverage {
  const averages = new Map<string, tf.Tensor>(
    [...parameters].map(([name, variable]) => [name, tf.keep(variable.clone())]),
  )
  const replace = (name: string, value: tf.Tensor): void => {
    averages.get(name)?.dispose()
    // A step may run inside of a tidy.
    averages.set(name, tf.keep(value))
  }
  return {
    update: (updates) => {
      const share = 1 - Math.min(decay, (1 + updates) / (10 + updates))
      for (const [name, variable] of parameters) {
        const average = averages.get(name)!
        replace(
          name,
          tf.tidy(() => tf.add(average, tf.mul(tf.sub(variable, average), share))),
        )
      }
    },
    read: async () => {
      const read = new Map<string, NamedArray>()
      for (const [name, tensor] of averages) {
        read.set(name, { shape: tensor.shape, values: (await tensor.data()) as Float32Array })
      }
      return read
    },
    during: async (act) => {
      const trained = new Map([...parameters].map(([name, variable]) => [name, variable.clone()]))
      const put = (values: ReadonlyMap<string, tf.Tensor>): void => {
        for (const [name, variable] of parameters) variable.assign(values.get(name)!)
      }
      put(averages)
      try {
        return await act()
      } finally {
        put(trained)
        tf.dispose([...trained.values()])
      }
    },
    restore: (stored) => {
      for (const [name, { shape, size }] of parameters) {
        const values = stored.get(name)?.values
        if (values?.length !== size) throw new RangeError(`no stored average fits ${name}`)
        replace(name, tf.tensor(values, shape))
      }
    },
    dispose: () => tf.dispose([...averages.values()]),
  }
}
