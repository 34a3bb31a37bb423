const BINS = 256

/**
 * The threshold that splits values into two groups of least variance within (Otsu 1979,
 * doi 10.1109/TSMC.1979.4310076), on 256 bins from the minimum to a high percentile, so that a few bright voxels do not
 * stretch the scale.
 *
 * @returns the minimum where all values are equal
 */
export function otsuThreshold(values: ArrayLike<number>): number {
  const [low, high] = robustRange(values)
  if (!(high > low)) return low
  const counts = new Float64Array(BINS)
  const scale = BINS / (high - low)
  for (let i = 0; i < values.length; i++) {
    counts[Math.max(0, Math.min(BINS - 1, Math.floor((values[i] - low) * scale)))]++
  }
  let total = 0
  for (let bin = 0; bin < BINS; bin++) total += bin * counts[bin]
  let below = 0
  let belowSum = 0
  let best = -1
  let split = 0
  for (let bin = 0; bin < BINS - 1; bin++) {
    below += counts[bin]
    belowSum += bin * counts[bin]
    const above = values.length - below
    if (below === 0 || above === 0) continue
    const difference = belowSum / below - (total - belowSum) / above
    const between = below * above * difference * difference
    if (between > best) {
      best = between
      split = bin
    }
  }
  return low + (split + 1) / scale
}

/** Minimum and 99.5th percentile, from a fine histogram: no sorting of millions of voxels. */
export function robustRange(values: ArrayLike<number>, share = 0.995): [number, number] {
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value < low) low = value
    if (value > high) high = value
  }
  if (!(high > low)) return [low, low]
  const fine = 4096
  const counts = new Float64Array(fine)
  const scale = fine / (high - low)
  for (let i = 0; i < values.length; i++) {
    counts[Math.min(fine - 1, Math.floor((values[i] - low) * scale))]++
  }
  let seen = 0
  for (let bin = 0; bin < fine; bin++) {
    seen += counts[bin]
    if (seen >= share * values.length) return [low, low + (bin + 1) / scale]
  }
  return [low, high]
}
