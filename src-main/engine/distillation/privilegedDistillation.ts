import type { RandomStream } from '../../imaging/random/randomStream.ts'
import type { NamedArray } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import type { DistillationStrategy, TapShape } from './distillationStrategy.ts'
import { frozenStandardisation } from './frozenStandardisation.ts'
import { unitLength } from './graphEdges.ts'
import { meanDivergence } from './meanDivergence.ts'
import { stopGradient } from './stopGradient.ts'
import { strategyParameters } from './strategyParameters.ts'
import { takeArray } from './strategyState.ts'
import { tapGradientGate } from './tapGradientGate.ts'

export interface PrivilegedOptions {
  readonly temperature: number
  readonly weight: number
  readonly layer: string
  readonly contrastWeight: number
  readonly contrastTemperature: number
  readonly studentShape: TapShape
  readonly teacherShape: TapShape
  readonly stream: RandomStream
}

/** Other images that a student's code is told apart from. */
export const BANK_SIZE = 24

/**
 * Privileged knowledge in the style of PMKL (Chen et al., IEEE TMI 2022, doi 10.1109/TMI.2021.3119385), after its
 * abstract; its exact factors are not to hand. *Pixel level*: the softened answers, regularised so that wrong answers
 * of the teacher count less; here by its probability of the true class. *Image level*: contrast between codes, here
 *
 *     −log e^(cos(z_s, z_t)/τ) / (e^(cos(z_s, z_t)/τ) + Σ_b e^(cos(z_s, b)/τ)),
 *
 * z the mean of the layer's features over the patch (the student's mapped linearly, the teacher's standardised) and b
 * the teacher's codes of the patches observed before the first step, which stay the same over a run.
 */
export function privilegedDistillation(options: PrivilegedOptions): DistillationStrategy {
  const { temperature, weight, layer, contrastWeight, contrastTemperature } = options
  const [from, to] = [options.studentShape[3], options.teacherShape[3]]
  const parameters = strategyParameters(options.stream)
  const map = parameters.normal('code.map', from, to)
  const bias = parameters.zeros<tf.Rank.R1>('code.bias', [to])
  const gate = tapGradientGate([layer])
  const teacherSide = frozenStandardisation(layer, to)
  const seen: Float32Array[] = []
  let bank: tf.Tensor2D | null = null

  const setBank = (codes: tf.Tensor2D): void => {
    bank?.dispose()
    bank = tf.keep(codes)
  }
  const meanCode = (x: tf.Tensor5D): tf.Tensor2D => x.mean<tf.Tensor2D>([1, 2, 3])
  const unit = (x: tf.Tensor2D): tf.Tensor2D => unitLength(x.expandDims(0)).squeeze([0])

  const contrast = (studentTap: tf.Tensor5D, teacherTap: tf.Tensor5D): tf.Tensor1D => {
    const own = unit(teacherSide.apply(meanCode(stopGradient(teacherTap))))
    const code = unit(tf.matMul(meanCode(studentTap), map).add<tf.Tensor2D>(bias))
    const near = code.mul(own).sum(1, true) as tf.Tensor2D
    const others: tf.Tensor2D = tf.matMul(code, bank!, false, true)
    const log = tf.logSoftmax(tf.concat2d([near, others], 1).div<tf.Tensor2D>(contrastTemperature))
    // The first column by a product: slicing has no gradient of its own on every backend.
    const first = tf.tensor1d([1, ...new Array<number>(bank!.shape[0]).fill(0)])
    return log.mul(first).sum<tf.Tensor1D>(1).neg()
  }

  return {
    needsTeacher: true,
    get needsObservation() {
      return bank === null
    },
    taps: [layer],
    parameters: parameters.all,
    splitTap: gate.split,
    observeTeacher: (teacher) =>
      tf.tidy(() => {
        const codes = meanCode(teacher.taps[layer])
        teacherSide.observe(codes)
        const values = codes.dataSync() as Float32Array
        for (let i = 0; i < codes.shape[0] && seen.length < BANK_SIZE; i++) {
          seen.push(values.slice(i * to, (i + 1) * to))
        }
      }),
    finishObservation: () => {
      teacherSide.freeze()
      const rows = Float32Array.from(seen.flatMap((code) => [...code]))
      setBank(tf.tidy(() => unit(teacherSide.apply(tf.tensor2d(rows, [seen.length, to])))))
      seen.length = 0
    },
    loss: (input) => {
      const { student, teacher, trust } = input
      const perPatch = contrast(student.taps[layer], teacher!.taps[layer])
      const trusted = trust ? perPatch.mul(trust.mean([1, 2, 3])) : perPatch
      const contrastive = trusted.mean().asScalar()
      const kd = meanDivergence(input, { temperature, weighting: 'true-class' })
      const total = kd.mul(weight).add<tf.Scalar>(contrastive.mul(contrastWeight))
      return { total, terms: { kd, contrastive } }
    },
    tapGradientNorms: gate.norms,
    state: () =>
      new Map<string, NamedArray>([
        ...teacherSide.state(),
        ...(bank
          ? ([
              ['teacher.bank', { shape: bank.shape, values: Float32Array.from(bank.dataSync()) }],
              ['teacher.bankSize', { shape: [1], values: Float32Array.of(bank.shape[0]) }],
            ] as [string, NamedArray][])
          : []),
      ]),
    restore: (state) => {
      const [size] = takeArray(state, 'teacher.bankSize', [1])
      const values = takeArray(state, 'teacher.bank', [size, to])
      teacherSide.restore(state)
      setBank(tf.tensor2d(values, [size, to]))
    },
    dispose: () => {
      bank?.dispose()
      bank = null
      teacherSide.dispose()
      gate.dispose()
      parameters.dispose()
    },
  }
}
