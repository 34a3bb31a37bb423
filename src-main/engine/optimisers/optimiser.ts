import type { TrainingPlan } from '../../contract/index.ts'
import type { NamedArray } from '../namedArray.ts'
import type { tf } from '../tensor.ts'

/** What of a plan's optimiser decides over a single update; the rate of a step comes with it. */
export type OptimiserConfig =
  | Omit<Extract<TrainingPlan['optimiser'], { kind: 'adam' }>, RateFields>
  | Omit<Extract<TrainingPlan['optimiser'], { kind: 'sgd' }>, RateFields>
type RateFields = 'learningRate' | 'schedule' | 'warmupSteps'

export interface Optimiser {
  /**
   * One update of every parameter. Gradients are only read.
   *
   * @param gradients by parameter name; each parameter needs one
   * @returns Euclidean norm of the whole gradient before clipping. Where it is not finite nothing is changed.
   */
  apply(gradients: ReadonlyMap<string, tf.Tensor>, learningRate: number): number
  /** Updates made so far. */
  readonly updates: number
  /** Running moments as "<moment>/<parameter>": "m" and "v" of Adam, "b" of gradient descent. */
  moments(): Promise<Map<string, NamedArray>>
  /** Continues from stored moments. Throws a RangeError where one is missing or has another size. */
  restore(moments: ReadonlyMap<string, NamedArray>, updates: number): void
  dispose(): void
}
