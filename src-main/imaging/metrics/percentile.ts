/**
 * Percentile with linear interpolation between order statistics (numpy's default).
 *
 * @param percent 0–100
 * @returns NaN for no values
 */
export function percentile(values: Float64Array, percent: number): number {
  if (values.length === 0) return NaN
  const sorted = values.slice().sort()
  const rank = ((sorted.length - 1) * percent) / 100
  const below = Math.floor(rank)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (rank - below) * (sorted[above] - sorted[below])
}
