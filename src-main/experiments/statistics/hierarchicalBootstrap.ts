import { percentileOfSorted } from '../../imaging/metrics/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'

/** Fixed, so that the same results always give the same interval. */
const SEED = 1

/**
 * 95 % percentile interval of the mean of paired differences that are nested in seeds: seeds are drawn with
 * replacement, then within each drawn seed its test cases (Davison & Hinkley 1997, §3.8; Saravanan et al. 2020,
 * hierarchical bootstrap). Each seed weighs alike. Covers what another draw of data, noise, start and test cases
 * would change.
 *
 * @param differences one list a seed, one difference a test case
 * @returns null for fewer than three seeds, where resampling says nothing
 */
export function hierarchicalBootstrap(
  differences: readonly (readonly number[])[],
  resamples: number,
): [number, number] | null {
  const seeds = differences.length
  if (seeds < 3 || differences.some((cases) => cases.length === 0)) return null
  const stream = randomStream(SEED, 'hierarchical-bootstrap')
  const means = new Float64Array(resamples)
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0
    for (let seed = 0; seed < seeds; seed++) {
      const cases = differences[stream.integer(seeds)]
      let within = 0
      for (let i = 0; i < cases.length; i++) within += cases[stream.integer(cases.length)]
      sum += within / cases.length
    }
    means[resample] = sum / seeds
  }
  means.sort()
  return [percentileOfSorted(means, 2.5), percentileOfSorted(means, 97.5)]
}
