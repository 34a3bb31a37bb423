import type { BatchSource } from './batchSource.ts'

/** A batch source that knows how long the step waited for it. */
export interface TimedBatches extends BatchSource {
  /** Seconds spent waiting for batches since this was asked last. */
  takeSecondsWaiting(): number
}

/** Measures the time between asking for a batch of a step and having it: what the engine would compute in otherwise. */
export function timedBatches(source: BatchSource, secondsNow: () => number): TimedBatches {
  let waited = 0
  return {
    ...source,
    draw: async (step, part) => {
      const start = secondsNow()
      try {
        return await source.draw(step, part)
      } finally {
        waited += secondsNow() - start
      }
    },
    takeSecondsWaiting: () => {
      const seconds = waited
      waited = 0
      return seconds
    },
  }
}
