import { randomStream } from '../../imaging/random/randomStream.ts'

/** Up to this many pairs every pattern of signs is tried (2²⁰ sums); above, a fixed sample of patterns. */
const MAX_EXACT_PAIRS = 20
const SAMPLED_PATTERNS = 100_000
/** Sums that differ by rounding alone count as equal. */
const RELATIVE_TOLERANCE = 1e-12

/**
 * Two-sided sign-flip permutation test of paired differences (Fisher 1935, §21): under the null hypothesis each
 * difference is as likely negative as positive. p = share of the 2ⁿ patterns of signs whose |sum| is at least the
 * observed one. Exact up to 20 pairs, then (1 + hits) / (1 + 100 000) over a fixed sample of patterns (Phipson & Smyth
 * 2010).
 *
 * @param differences one a seed
 * @returns null for no pair. With n pairs p is at least 2^(1−n): five pairs can never give p < 0.05.
 */
export function signFlipTest(differences: readonly number[]): number | null {
  const n = differences.length
  if (n === 0) return null
  const scale = differences.reduce((sum, value) => sum + Math.abs(value), 0)
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0))
  const threshold = observed - RELATIVE_TOLERANCE * scale
  return n <= MAX_EXACT_PAIRS
    ? exactTest(differences, threshold)
    : sampledTest(differences, threshold)
}

function exactTest(differences: readonly number[], threshold: number): number {
  const n = differences.length
  // |sum| is the same for a pattern and its opposite: the first sign stays.
  const patterns = 2 ** (n - 1)
  let hits = 0
  for (let pattern = 0; pattern < patterns; pattern++) {
    let sum = differences[0]
    for (let i = 1; i < n; i++) {
      sum += (pattern >> (i - 1)) & 1 ? -differences[i] : differences[i]
    }
    if (Math.abs(sum) >= threshold) hits++
  }
  return hits / patterns
}

function sampledTest(differences: readonly number[], threshold: number): number {
  const stream = randomStream(1, 'sign-flip')
  let hits = 0
  for (let pattern = 0; pattern < SAMPLED_PATTERNS; pattern++) {
    let sum = 0
    for (const difference of differences) sum += stream.chance(0.5) ? difference : -difference
    if (Math.abs(sum) >= threshold) hits++
  }
  return (1 + hits) / (1 + SAMPLED_PATTERNS)
}
