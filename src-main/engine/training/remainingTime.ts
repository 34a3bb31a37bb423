/** Weight of the newest duration in the running mean. */
const SMOOTHING = 0.1

/** Estimates how long a run still takes from how long its steps and validations took so far. */
export interface RemainingTime {
  addStep(seconds: number): void
  addValidation(seconds: number): void
  /** Running mean; null before the first step. */
  readonly secondsPerStep: number | null
  /** Null before the first step. Validations count as soon as one was seen. */
  estimate(stepsLeft: number, validationsLeft: number): number | null
}

export function createRemainingTime(): RemainingTime {
  let step: number | null = null
  let validation: number | null = null
  let steps = 0
  const blend = (mean: number | null, value: number): number =>
    mean === null ? value : mean + SMOOTHING * (value - mean)
  return {
    addStep: (seconds) => {
      steps++
      // The first step compiles kernels and reads cases; it says nothing about the others.
      step = steps === 2 ? seconds : blend(step, seconds)
    },
    addValidation: (seconds) => {
      validation = blend(validation, seconds)
    },
    get secondsPerStep() {
      return step
    },
    estimate: (stepsLeft, validationsLeft) =>
      step === null ? null : stepsLeft * step + validationsLeft * (validation ?? 0),
  }
}
