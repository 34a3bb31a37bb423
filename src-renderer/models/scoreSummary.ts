import type { CaseScore, Region } from '../../src-main/contract/index.ts'

export interface ScoreSummary {
  readonly values: readonly number[]
  readonly mean: number
  readonly lowerQuartile: number
  readonly median: number
  readonly upperQuartile: number
}

/** The value below which a fraction of sorted values lies, with linear interpolation between neighbours (type 7). */
const quantile = (sorted: readonly number[], fraction: number): number => {
  const position = (sorted.length - 1) * fraction
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below + (above - below) * (position - Math.floor(position))
}

/**
 * The Dice of a region over cases, without those where it is undefined.
 *
 * @returns null where it is defined in no case
 */
export const summariseDice = (
  scores: readonly CaseScore[],
  region: Region,
): ScoreSummary | null => {
  const values = scores
    .map((score) => score.dice[region])
    .filter((value) => value !== null)
    .toSorted((a, b) => a - b)
  if (values.length === 0) return null
  return {
    values,
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    lowerQuartile: quantile(values, 0.25),
    median: quantile(values, 0.5),
    upperQuartile: quantile(values, 0.75),
  }
}
