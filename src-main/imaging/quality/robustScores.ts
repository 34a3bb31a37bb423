import { quantiles } from './quantiles.ts'

/** What a difference is: a ratio, where the scale is arbitrary, or a difference. */
export interface ScoreScale {
  readonly scale: 'ratio' | 'plain'
  /** The standard deviation counts as at least this much, in logarithms or in units. */
  readonly spread: number
}

/** The median absolute deviation of a normal distribution is this much of its standard deviation, inverted. */
const MAD_TO_SIGMA = 1.4826

export interface RobustScores {
  readonly typical: number
  /** In robust standard deviations, one a value; all 0 for fewer than 3 values. */
  readonly scores: readonly number[]
}

/**
 * How far each value lies from the others: (x − median) / (1.4826 · MAD), the modified z-score of Iglewicz & Hoaglin
 * (1993). On the scale of ratios positive values are compared as logarithms; where one is not positive, values are
 * compared as they are and the least spread is a share of the typical value.
 */
export function robustScores(
  values: readonly number[],
  { scale, spread }: ScoreScale,
): RobustScores {
  const isRatio = scale === 'ratio' && values.length > 0 && values.every((value) => value > 0)
  const compared = values.map((value) => (isRatio ? Math.log(value) : value))
  const [middle] = quantiles(Float64Array.from(compared), [0.5])
  const deviations = Float64Array.from(compared, (value) => Math.abs(value - middle))
  const [deviation] = quantiles(deviations, [0.5])
  const least = scale === 'ratio' && !isRatio ? spread * Math.abs(middle) : spread
  const sigma = Math.max(MAD_TO_SIGMA * deviation, least)
  return {
    typical: isRatio ? Math.exp(middle) : middle,
    scores: compared.map((value) =>
      values.length < 3 || sigma === 0 ? 0 : (value - middle) / sigma,
    ),
  }
}
