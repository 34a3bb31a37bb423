import { quantiles } from './quantiles.ts'

/** Spread below which a difference is no difference: 5 % of the typical value. */
const LEAST_SHARE = 0.05
/** The median absolute deviation of a normal distribution is this much of its standard deviation, inverted. */
const MAD_TO_SIGMA = 1.4826

export interface RobustScores {
  readonly typical: number
  /** In robust standard deviations, one a value; all 0 for fewer than 3 values. */
  readonly scores: readonly number[]
}

/**
 * How far each value lies from the others: (x − median) / (1.4826 · MAD), the modified z-score of Iglewicz & Hoaglin
 * (1993). Positive values are compared as logarithms, because the scale of MR intensities is arbitrary. The spread counts
 * as at least 5 %, so that data that hardly vary have no outliers by rounding.
 */
export function robustScores(values: readonly number[]): RobustScores {
  const isScale = values.length > 0 && values.every((value) => value > 0)
  const compared = values.map((value) => (isScale ? Math.log(value) : value))
  const [middle] = quantiles(Float64Array.from(compared), [0.5])
  const [deviation] = quantiles(
    Float64Array.from(compared, (value) => Math.abs(value - middle)),
    [0.5],
  )
  const floor = isScale ? LEAST_SHARE : LEAST_SHARE * Math.abs(middle)
  const sigma = Math.max(MAD_TO_SIGMA * deviation, floor)
  return {
    typical: isScale ? Math.exp(middle) : middle,
    scores: compared.map((value) =>
      values.length < 3 || sigma === 0 ? 0 : (value - middle) / sigma,
    ),
  }
}
