import type { RandomStream } from '../../imaging/random/randomStream.ts'
import { tf } from '../tensor.ts'
import { commonGrid } from './commonGrid.ts'
import type { DistillationStrategy, TapShape } from './distillationStrategy.ts'
import { frozenStandardisation } from './frozenStandardisation.ts'
import { stopGradient } from './stopGradient.ts'
import { strategyParameters } from './strategyParameters.ts'
import { tapGradientGate } from './tapGradientGate.ts'

export interface HintOptions {
  readonly layer: string
  readonly weight: number
  readonly studentShape: TapShape
  readonly teacherShape: TapShape
  readonly stream: RandomStream
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
  const teacherSide = frozenStandardisation(layer, channels)
  const rows = (x: tf.Tensor5D, count: number): tf.Tensor2D => grid.apply(x).reshape([-1, count])

  return {
    needsTeacher: true,
    get needsObservation() {
      return !teacherSide.ready()
    },
    taps: [layer],
    parameters: parameters.all,
    splitTap: gate.split,
    observeTeacher: (teacher) =>
      tf.tidy(() => teacherSide.observe(rows(teacher.taps[layer], channels))),
    finishObservation: teacherSide.freeze,
    loss: ({ student, teacher, trust }) => {
      const target = teacherSide.apply(rows(stopGradient(teacher!.taps[layer]), channels))
      const guess = tf.matMul(rows(student.taps[layer], studentShape[3]), regressor).add(bias)
      const squares = guess.sub(target).square()
      const trusted = trust ? squares.mul(rows(trust.expandDims(4), 1)) : squares
      const hint = trusted.mean().asScalar()
      return { total: hint.mul(weight), terms: { hint } }
    },
    tapGradientNorms: gate.norms,
    state: () => new Map(teacherSide.state()),
    restore: teacherSide.restore,
    dispose: () => {
      teacherSide.dispose()
      gate.dispose()
      grid.dispose()
      parameters.dispose()
    },
  }
}
