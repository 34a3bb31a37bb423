import type { NamedArray } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import { featureStatistics } from './featureStatistics.ts'
import { nothingObserved } from './graphEmbedding.ts'
import { takeArray } from './strategyState.ts'

/** Brings the teacher's channels to mean 0 and deviation 1 with statistics that never move again. */
export interface FrozenStandardisation {
  /** False until `freeze` or `restore`. */
  ready(): boolean
  /** Adds the vectors of some voxels, N×C. Keeps no tensor. */
  observe(rows: tf.Tensor2D): void
  /** @throws GliadeskError WRONG_STATE where nothing was observed */
  freeze(): void
  /** N×C → N×C; a constant channel becomes 0. @throws GliadeskError WRONG_STATE before `freeze` */
  apply(rows: tf.Tensor2D): tf.Tensor2D
  state(): [string, NamedArray][]
  /** @throws GliadeskError BAD_FILE */
  restore(state: ReadonlyMap<string, NamedArray>): void
  dispose(): void
}

/** @param layer named in errors */
export function frozenStandardisation(layer: string, channels: number): FrozenStandardisation {
  const statistics = featureStatistics(channels)
  let frozen: { mean: tf.Tensor1D; inverseDeviation: tf.Tensor1D } | null = null

  const thaw = (): void => {
    frozen?.mean.dispose()
    frozen?.inverseDeviation.dispose()
    frozen = null
  }
  const set = (mean: Float32Array, inverseDeviation: Float32Array): void => {
    thaw()
    frozen = {
      mean: tf.keep(tf.tensor1d(mean)),
      inverseDeviation: tf.keep(tf.tensor1d(inverseDeviation)),
    }
  }
  return {
    ready: () => frozen !== null,
    observe: (rows) => statistics.add(rows.dataSync() as Float32Array),
    freeze: () => {
      if (statistics.count() === 0) throw nothingObserved(layer)
      const inverse = statistics.deviation().map((sigma) => (sigma > 0 ? 1 / sigma : 0))
      set(Float32Array.from(statistics.mean()), Float32Array.from(inverse))
    },
    apply: (rows) => {
      if (!frozen) throw nothingObserved(layer)
      return rows.sub(frozen.mean).mul(frozen.inverseDeviation)
    },
    state: () =>
      Object.entries(frozen ?? {}).map(
        ([name, values]: [string, tf.Tensor1D]): [string, NamedArray] => [
          `teacher.${name}`,
          { shape: [channels], values: Float32Array.from(values.dataSync()) },
        ],
      ),
    restore: (state) =>
      set(
        takeArray(state, 'teacher.mean', [channels]),
        takeArray(state, 'teacher.inverseDeviation', [channels]),
      ),
    dispose: thaw,
  }
}
