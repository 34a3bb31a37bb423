import type { RandomStream } from '../../imaging/random/randomStream.ts'
import type { NamedArray } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import { commonGrid } from './commonGrid.ts'
import type { DistillationStrategy, TapShape } from './distillationStrategy.ts'
import { featureStatistics } from './featureStatistics.ts'
import { nothingObserved } from './graphEmbedding.ts'
import { stopGradient } from './stopGradient.ts'
import { strategyParameters } from './strategyParameters.ts'
import { takeArray } from './strategyState.ts'
import { tapGradientGate } from './tapGradientGate.ts'

export interface HintOptions {
  readonly layer: string
  readonly weight: number
  readonly studentShape: TapShape
  readonly teacherShape: TapShape
  readonly stream: RandomStream
}

interface Standardisation {
  readonly mean: tf.Tensor1D
  /** 1/σ, 0 for a constant channel. */
  readonly inverseDeviation: tf.Tensor1D
}

/**
 * Feature hint (FitNets, Romero et al. 2015, arXiv 1412.6550; the kind KD-Net uses at the bottleneck): mean
 * squared error between the teacher's features and a learned linear map of the student's at every voxel.
 * The teacher's channels are standardised with statistics frozen before the first step, so that the loss is
 * about 1 for a student that knows nothing, whatever the layer.
 */
export function hintDistillation(options: HintOptions): DistillationStrategy {
  const { layer, weight, studentShape, teacherShape } = options
  const channels = teacherShape[3]
  const grid = commonGrid(studentShape, teacherShape)
  const parameters = strategyParameters(options.stream)
  const regressor = parameters.normal('hint.weight', studentShape[3], channels)
  const bias = parameters.zeros<tf.Rank.R1>('hint.bias', [channels])
  const gate = tapGradientGate([layer])
  const statistics = featureStatistics(channels)
  let frozen: Standardisation | null = null

  const thaw = (): void => {
    frozen?.mean.dispose()
    frozen?.inverseDeviation.dispose()
    frozen = null
  }
  const freeze = (mean: Float32Array, inverseDeviation: Float32Array): void => {
    thaw()
    frozen = {
      mean: tf.keep(tf.tensor1d(mean)),
      inverseDeviation: tf.keep(tf.tensor1d(inverseDeviation)),
    }
  }

  return {
    needsTeacher: true,
    get needsObservation() {
      return frozen === null
    },
    taps: [layer],
    parameters: parameters.all,
    splitTap: gate.split,
    observeTeacher: (teacher) =>
      tf.tidy(() => statistics.add(grid.apply(teacher.taps[layer]).dataSync() as Float32Array)),
    finishObservation: () => {
      if (statistics.count() === 0) throw nothingObserved(layer)
      const inverse = statistics.deviation().map((sigma) => (sigma > 0 ? 1 / sigma : 0))
      freeze(Float32Array.from(statistics.mean()), Float32Array.from(inverse))
    },
    loss: ({ student, teacher, trust }) => {
      if (!frozen) throw nothingObserved(layer)
      const rows = (x: tf.Tensor5D, count: number): tf.Tensor2D =>
        grid.apply(x).reshape([-1, count])
      const target = rows(stopGradient(teacher!.taps[layer]), channels)
        .sub(frozen.mean)
        .mul(frozen.inverseDeviation)
      const guess = tf.matMul(rows(student.taps[layer], studentShape[3]), regressor).add(bias)
      const squares = guess.sub(target).square()
      const trusted = trust ? squares.mul(rows(trust.expandDims(4), 1)) : squares
      const hint = trusted.mean().asScalar()
      return { total: hint.mul(weight), terms: { hint } }
    },
    tapGradientNorms: gate.norms,
    state: () =>
      new Map(
        Object.entries(frozen ?? {}).map(
          ([name, values]: [string, tf.Tensor1D]): [string, NamedArray] => [
            `teacher.${name}`,
            { shape: [channels], values: Float32Array.from(values.dataSync()) },
          ],
        ),
      ),
    restore: (state) =>
      freeze(
        takeArray(state, 'teacher.mean', [channels]),
        takeArray(state, 'teacher.inverseDeviation', [channels]),
      ),
    dispose: () => {
      thaw()
      gate.dispose()
      grid.dispose()
      parameters.dispose()
    },
  }
}
