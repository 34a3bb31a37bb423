/**
 * Percentile with linear interpolation between order statistics (numpy's default).
 *
 * @param percent 0–100
 * @returns NaN for no values
 */
export function percentile(values: ArrayLike<number>, percent: number): number {
  return percentileOfSorted(Float64Array.from(values).sort(), percent)
}

/** The same of values in rising order, which are not sorted again. */
export function percentileOfSorted(sorted: ArrayLike<number>, percent: number): number {
  if (sorted.length === 0) return NaN
  const rank = ((sorted.length - 1) * percent) / 100
  const below = Math.floor(rank)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (rank - below) * (sorted[above] - sorted[below])
}
