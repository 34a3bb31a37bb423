import type { RandomStream } from '../../imaging/random/randomStream.ts'
import { blurInside } from './blurInside.ts'
import { coarsenInside } from './coarsenInside.ts'
import type { Triple } from './preparedCase.ts'

/**
 * nnU-Net's probabilities and ranges, applied in its order. Where it decides for a sample and then for each channel, the
 * product is given here: 0.2 × ½ for blur, 0.25 × ½ for low resolution.
 */
const NOISE = { probability: 0.1, maxVariance: 0.1 }
const BLUR = { probability: 0.1, lowVoxels: 0.5, highVoxels: 1 }
const BRIGHTNESS = { probability: 0.15, low: 0.75, high: 1.25 }
const CONTRAST = { probability: 0.15, low: 0.75, high: 1.25 }
const LOW_RESOLUTION = { probability: 0.125, low: 0.5, high: 1 }
const INVERTED_GAMMA = { probability: 0.1, low: 0.7, high: 1.5 }
const GAMMA = { probability: 0.3, low: 0.7, high: 1.5 }

/**
 * Changes the grey values of one normalised channel as scanners and protocols would: noise, brightness,
 * contrast, gamma, and where asked for sharpness and resolution. Voxels outside of the brain (exactly 0) stay 0. The
 * input is not changed.
 *
 * @param size voxels along x, y, z
 * @param resolution whether blur and low resolution are among it; they draw from streams of their own, so that the
 *   others are the same with and without them
 */
export function augmentIntensity(
  channel: Float32Array,
  size: Triple,
  stream: RandomStream,
  resolution: boolean,
): Float32Array {
  let result: Float32Array = channel.slice()
  if (stream.chance(NOISE.probability)) {
    const deviation = Math.sqrt(stream.between(0, NOISE.maxVariance))
    for (let i = 0; i < result.length; i++) {
      if (result[i] !== 0) result[i] += deviation * stream.normal()
    }
  }
  const blurring = stream.fork('blur')
  if (resolution && blurring.chance(BLUR.probability)) {
    result = blurInside(result, size, blurring.between(BLUR.lowVoxels, BLUR.highVoxels))
  }
  if (stream.chance(BRIGHTNESS.probability)) {
    const factor = stream.between(BRIGHTNESS.low, BRIGHTNESS.high)
    for (let i = 0; i < result.length; i++) result[i] *= factor
  }
  if (stream.chance(CONTRAST.probability)) {
    changeContrast(result, stream.between(CONTRAST.low, CONTRAST.high))
  }
  const coarsening = stream.fork('low resolution')
  if (resolution && coarsening.chance(LOW_RESOLUTION.probability)) {
    const zoom = coarsening.between(LOW_RESOLUTION.low, LOW_RESOLUTION.high)
    result = coarsenInside(result, size, zoom)
  }
  if (stream.chance(INVERTED_GAMMA.probability)) {
    const gamma = stream.between(INVERTED_GAMMA.low, INVERTED_GAMMA.high)
    negate(result)
    changeGamma(result, gamma)
    negate(result)
  }
  if (stream.chance(GAMMA.probability)) changeGamma(result, stream.between(GAMMA.low, GAMMA.high))
  return result
}

interface BrainStatistics {
  readonly mean: number
  readonly deviation: number
  readonly min: number
  readonly max: number
}

/** Over the voxels that are not 0; null where there are none. */
function brainStatistics(values: Float32Array): BrainStatistics | null {
  let [count, sum, squares, min, max] = [0, 0, 0, Infinity, -Infinity]
  for (let i = 0; i < values.length; i++) {
    const x = values[i]
    if (x === 0) continue
    count++
    sum += x
    squares += x * x
    if (x < min) min = x
    if (x > max) max = x
  }
  if (count === 0) return null
  const mean = sum / count
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)), min, max }
}

/** Stretches values about their mean without leaving the range they had. */
function changeContrast(values: Float32Array, factor: number): void {
  const before = brainStatistics(values)
  if (!before) return
  const { mean, min, max } = before
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 0) continue
    values[i] = Math.min(max, Math.max(min, (values[i] - mean) * factor + mean))
  }
}

/** Raises the range-scaled values to a power, then restores mean and deviation. */
function changeGamma(values: Float32Array, gamma: number): void {
  const before = brainStatistics(values)
  if (!before || before.max === before.min) return
  const { min, max } = before
  const range = max - min
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== 0) values[i] = ((values[i] - min) / range) ** gamma * range + min
  }
  const after = brainStatistics(values)
  if (!after || after.deviation === 0) return
  const scale = before.deviation / after.deviation
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== 0) values[i] = (values[i] - after.mean) * scale + before.mean
  }
}

function negate(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) values[i] = -values[i]
}
