/** A strip of marks on a logarithmic axis. */
export interface LogStrip {
  /** Place of a value, 0 (left end) to 1; values beyond an end are put at it. */
  at(value: number): number
  /** Round values inside the axis: 1, 2 and 5 times a power of ten. */
  readonly ticks: readonly number[]
}

/**
 * A logarithmic axis over positive values with a little room at both ends.
 *
 * @param leastRatio the axis spans at least this ratio, so that noise does not look like spread
 * @returns an axis around 1 where no value is positive
 */
export function logStrip(values: readonly number[], leastRatio: number): LogStrip {
  const positive = values.filter((value) => value > 0)
  const low = positive.length > 0 ? Math.min(...positive) : 1
  const high = positive.length > 0 ? Math.max(...positive) : 1
  const middle = Math.sqrt(low * high)
  const half = Math.max(Math.log(high / low), Math.log(leastRatio)) * 0.54
  const first = Math.log(middle) - half
  const last = Math.log(middle) + half
  const ticks: number[] = []
  for (let power = Math.floor(first / Math.LN10); power <= Math.ceil(last / Math.LN10); power++) {
    for (const digit of [1, 2, 5]) {
      const value = Number(`${digit}e${power}`)
      if (Math.log(value) > first && Math.log(value) < last) ticks.push(value)
    }
  }
  const sparse = ticks.length > 7 ? ticks.filter((value) => isPowerOfTen(value)) : ticks
  return {
    at: (value) =>
      value > 0 ? Math.min(1, Math.max(0, (Math.log(value) - first) / (last - first))) : 0,
    ticks: sparse,
  }
}

const isPowerOfTen = (value: number): boolean =>
  Number.isInteger(Number(Math.log10(value).toFixed(9)))

/** The middle of positive values on a logarithmic axis: for an even count between the two middle ones; 0 for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  if (sorted.length === 0) return 0
  return sorted.length % 2 === 1 ? sorted[half] : Math.sqrt(sorted[half - 1] * sorted[half])
}
