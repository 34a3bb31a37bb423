/** Moments of feature vectors, summed up batch by batch in double precision. */
export interface FeatureStatistics {
  readonly channels: number
  /** Vectors seen. */
  count(): number
  /** @param rows n×C row-major */
  add(rows: Float32Array): void
  /** Mean of every channel. */
  mean(): Float64Array
  /** Standard deviation of every channel (population). */
  deviation(): Float64Array
  /** Correlation of the channels, C×C row-major; a constant channel correlates with nothing, itself included. */
  correlation(): Float64Array
}

/** Below this share of the channel's magnitude a deviation is rounding, and the channel counts as constant. */
const CONSTANT_CHANNEL = 1e-6

/**
 * Starts empty statistics over vectors of C channels. The first vector is subtracted from all, so that
 * channels with a mean far above their spread keep their digits.
 */
export function featureStatistics(channels: number): FeatureStatistics {
  let count = 0
  let shift: Float64Array | null = null
  const sums = new Float64Array(channels)
  const products = new Float64Array(channels * channels)
  const centred = new Float64Array(channels)

  const mean = (): Float64Array =>
    Float64Array.from(sums, (sum, c) => (count ? sum / count + shift![c] : 0))
  const covariance = (i: number, j: number): number =>
    products[i * channels + j] / count - (sums[i] / count) * (sums[j] / count)
  const deviation = (): Float64Array =>
    Float64Array.from(mean(), (mu, c) => {
      const sigma = Math.sqrt(Math.max(0, covariance(c, c)))
      return sigma > CONSTANT_CHANNEL * Math.max(1e-6, Math.abs(mu)) ? sigma : 0
    })

  return {
    channels,
    count: () => count,
    add: (rows) => {
      shift ??= Float64Array.from(rows.subarray(0, channels))
      for (let start = 0; start < rows.length; start += channels) {
        for (let i = 0; i < channels; i++) {
          centred[i] = rows[start + i] - shift[i]
          sums[i] += centred[i]
        }
        for (let i = 0; i < channels; i++) {
          const row = i * channels
          for (let j = 0; j <= i; j++) products[row + j] += centred[i] * centred[j]
        }
        count++
      }
    },
    mean,
    deviation,
    correlation: () => {
      const sigma = deviation()
      const result = new Float64Array(channels * channels)
      for (let i = 0; i < channels; i++) {
        for (let j = 0; j <= i; j++) {
          const scale = sigma[i] * sigma[j]
          const value = scale > 0 ? covariance(i, j) / scale : 0
          result[i * channels + j] = value
          result[j * channels + i] = value
        }
      }
      return result
    },
  }
}
