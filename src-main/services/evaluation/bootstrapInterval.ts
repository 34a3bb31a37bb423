import { percentileOfSorted } from '../../imaging/metrics/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'

const RESAMPLES = 10_000
/** Fixed, so that the same scores always give the same interval. */
const SEED = 1

/**
 * 95 % percentile bootstrap interval of the mean (Efron & Tibshirani 1993, §13.3): values are drawn with replacement
 * 10 000 times; the interval spans the 2.5th to the 97.5th percentile of the resampled means.
 *
 * @returns null for fewer than three values, where resampling says nothing
 */
export function bootstrapInterval(values: readonly number[]): [number, number] | null {
  if (values.length < 3) return null
  const random = randomStream(SEED, 'bootstrap')
  const means = new Float64Array(RESAMPLES)
  for (let resample = 0; resample < RESAMPLES; resample++) {
    let sum = 0
    for (let draw = 0; draw < values.length; draw++) sum += values[random.integer(values.length)]
    means[resample] = sum / values.length
  }
  means.sort()
  return [percentileOfSorted(means, 2.5), percentileOfSorted(means, 97.5)]
}
