import { fourier } from './fourier.ts'

/** Bins of the histogram, and the padded length of its transform. */
const BINS = 200
const PADDED = 512

/**
 * What each log intensity most likely was before a smooth field blurred the histogram: E[u | v] of Sled, Zijdenbos & Evans
 * (1998, doi 10.1109/42.668698). The histogram is deconvolved by a Gaussian with a Wiener filter, then every value is
 * replaced by its expectation.
 *
 * @param values log intensities inside the mask
 * @param fullWidth full width of the Gaussian at half of its height, in log units
 * @param wienerNoise the constant in the denominator of the filter
 * @returns sharpened log intensities, one a value
 */
export function sharpenHistogram(
  values: Float32Array,
  fullWidth: number,
  wienerNoise: number,
): Float32Array {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  if (!(high > low)) return values.slice()
  const slope = (high - low) / (BINS - 1)
  const offset = (PADDED - BINS) >> 1
  const histogram = new Float64Array(PADDED)
  for (const value of values) {
    const at = (value - low) / slope
    const bin = Math.min(BINS - 2, Math.floor(at))
    histogram[offset + bin] += 1 - (at - bin)
    histogram[offset + bin + 1] += at - bin
  }
  const kernel = gaussian(fullWidth / slope)
  const kernelRe = kernel.slice()
  const kernelIm = new Float64Array(PADDED)
  fourier(kernelRe, kernelIm, false)

  // U: the sharpened histogram. The kernel is symmetric, so its transform is real.
  const sharpRe = histogram.slice()
  const sharpIm = new Float64Array(PADDED)
  fourier(sharpRe, sharpIm, false)
  for (let i = 0; i < PADDED; i++) {
    const gain = kernelRe[i] / (kernelRe[i] * kernelRe[i] + wienerNoise)
    sharpRe[i] *= gain
    sharpIm[i] *= gain
  }
  fourier(sharpRe, sharpIm, true)
  const numerator = new Float64Array(PADDED)
  const denominator = new Float64Array(PADDED)
  for (let i = 0; i < PADDED; i++) {
    denominator[i] = Math.max(0, sharpRe[i])
    numerator[i] = denominator[i] * (low + (i - offset) * slope)
  }
  convolve(numerator, kernelRe)
  convolve(denominator, kernelRe)
  const expectation = numerator.map((value, i) => {
    const weight = denominator[i]
    return weight > 1e-9 ? value / weight : low + (i - offset) * slope
  })
  return values.map((value) => {
    const at = (value - low) / slope
    const bin = Math.min(BINS - 2, Math.floor(at))
    const share = at - bin
    return (1 - share) * expectation[offset + bin] + share * expectation[offset + bin + 1]
  })
}

function convolve(values: Float64Array, kernelTransform: Float64Array): void {
  const imaginary = new Float64Array(PADDED)
  fourier(values, imaginary, false)
  for (let i = 0; i < PADDED; i++) {
    values[i] *= kernelTransform[i]
    imaginary[i] *= kernelTransform[i]
  }
  fourier(values, imaginary, true)
}

/** Periodic Gaussian of sum 1 around index 0. */
function gaussian(fullWidthBins: number): Float64Array {
  const sigma = fullWidthBins / Math.sqrt(8 * Math.LN2)
  const values = Float64Array.from({ length: PADDED }, (_, i) => {
    const distance = Math.min(i, PADDED - i)
    return Math.exp(-0.5 * (distance / sigma) ** 2)
  })
  const sum = values.reduce((a, b) => a + b, 0)
  return values.map((value) => value / sum)
}
