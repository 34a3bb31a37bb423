/**
 * Quantiles by linear interpolation between order statistics (numpy's default).
 *
 * @param values sorted in place
 * @param shares each 0…1
 * @returns 0 for every share where there are no values
 */
export function quantiles(values: Float64Array, shares: readonly number[]): number[] {
  values.sort()
  const last = values.length - 1
  return shares.map((share) => {
    if (last < 0) return 0
    const rank = share * last
    const below = Math.floor(rank)
    const low = values[below]
    return low + (rank - below) * (values[Math.min(below + 1, last)] - low)
  })
}
