import type { TrainingPlan } from '../../contract/index.ts'

type Optimiser = TrainingPlan['optimiser']

/** nnU-Net's exponent. */
const POLY_POWER = 0.9

/**
 * The learning rate of a step: a linear warm-up from 1/warmup of the rate, then constant, polynomial decay
 * (1 − t)^0.9, or half a cosine, with t from 0 at the end of the warm-up towards 1 at the last step.
 *
 * @param step from 0
 * @param steps of the whole run
 */
export function learningRateAt(
  optimiser: Pick<Optimiser, 'learningRate' | 'schedule' | 'warmupSteps'>,
  step: number,
  steps: number,
): number {
  const { learningRate, schedule, warmupSteps } = optimiser
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps
  const remaining = Math.max(1, steps - warmupSteps)
  const t = Math.min(1, (step - warmupSteps) / remaining)
  switch (schedule) {
    case 'constant':
      return learningRate
    case 'poly':
      return learningRate * (1 - t) ** POLY_POWER
    case 'cosine':
      return (learningRate / 2) * (1 + Math.cos(Math.PI * t))
  }
}
