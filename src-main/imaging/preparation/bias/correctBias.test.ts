import { describe, expect, it } from 'vitest'
import { createAxisAlignedGrid } from '../../geometry/index.ts'
import { randomStream } from '../../random/randomStream.ts'
import { generateSyntheticCase } from '../../synthetic/index.ts'
import { correlation } from '../testing/correlation.ts'
import { BIAS_DEFAULTS, correctBias } from './correctBias.ts'
import { fourier } from './fourier.ts'
import { evaluateSplineField, fitSplineField } from './splineField.ts'

describe('bias correction', () => {
  const DIMS = [24, 28, 24] as const
  const { grid, images } = generateSyntheticCase({
    seed: 5,
    index: 0,
    dims: DIMS,
    kappa: 0.5,
    scanner: { bias: 0, noise: 0.5 },
  })
  const mask = Uint8Array.from(images.t1, (value) => (value > 0 ? 1 : 0))
  // A surface coil in front and to one side: a smooth fall over the head.
  const logField = Float32Array.from(mask, (_, n) => {
    const x = (n % DIMS[0]) / DIMS[0] - 0.5
    const y = (Math.floor(n / DIMS[0]) % DIMS[1]) / DIMS[1] - 0.5
    const z = Math.floor(n / (DIMS[0] * DIMS[1])) / DIMS[2] - 0.5
    return 0.5 * x - 0.6 * y + 0.7 * z * z - 0.4 * x * y
  })
  const seenThroughCoil = (clean: Int16Array): Float32Array => {
    const noise = randomStream(3, 'noise')
    return Float32Array.from(clean, (value, n) =>
      value === 0 ? 0 : value * Math.exp(logField[n]) + 3 * noise.normal(),
    )
  }

  it('recovers a coil’s field and makes white matter more even', () => {
    const clean = images.t1ce
    const image = seenThroughCoil(clean)
    const found = correctBias(image, grid, mask)
    expect(correlation(found.field.map(Math.log), logField, mask)).toBeGreaterThan(0.95)

    const white = [...clean].filter((value) => value > 0).sort((a, b) => a - b)
    const [low, high] = [0.55, 0.85].map((share) => white[Math.floor(share * white.length)])
    const variation = (list: Float32Array): number => {
      const inside = [...list].filter((_, n) => clean[n] >= low && clean[n] <= high)
      const mean = inside.reduce((a, b) => a + b, 0) / inside.length
      return Math.sqrt(inside.reduce((a, b) => a + (b - mean) ** 2, 0) / inside.length) / mean
    }
    expect(variation(found.voxels)).toBeLessThan(0.6 * variation(image))
  })

  it('follows fluid and oedema on FLAIR less where they count as outliers', () => {
    const image = seenThroughCoil(images.flair)
    const agreement = (outlierDeviations: number): number => {
      const { field } = correctBias(image, grid, mask, { ...BIAS_DEFAULTS, outlierDeviations })
      return correlation(field.map(Math.log), logField, mask)
    }
    const robust = agreement(BIAS_DEFAULTS.outlierDeviations)
    expect(robust).toBeGreaterThan(0.93)
    expect(robust).toBeGreaterThan(agreement(Infinity))
  })

  it('leaves an image alone where the mask is empty', () => {
    const grid = createAxisAlignedGrid([8, 8, 8], [2, 2, 2])
    const image = Float32Array.from({ length: 512 }, (_, i) => i)
    expect(correctBias(image, grid, new Uint8Array(512))).toMatchObject({
      voxels: image,
      iterations: 0,
    })
  })
})

describe('its parts', () => {
  it('transforms there and back, a delta to a constant', () => {
    const real = Float64Array.from({ length: 16 }, (_, i) => Math.sin(i * i))
    const copy = real.slice()
    const imaginary = new Float64Array(16)
    fourier(real, imaginary, false)
    expect(real[0]).toBeCloseTo(
      copy.reduce((a, b) => a + b, 0),
      10,
    )
    fourier(real, imaginary, true)
    real.forEach((value, i) => expect(value).toBeCloseTo(copy[i], 12))
  })

  it('comes closer to a constant with every repetition, whatever voxels have a value', () => {
    const voxels = Int32Array.from({ length: 400 }, (_, i) => i * 2)
    let residual = new Float32Array(400).fill(2.5)
    let worst = 2.5
    for (let n = 0; n < 4; n++) {
      const fit = fitSplineField(residual, voxels, [10, 10, 10], [2, 2, 2])
      const field = evaluateSplineField(fit, [10, 10, 10])
      residual = residual.map((value, i) => value - field[voxels[i]])
      const now = Math.max(...residual.map(Math.abs))
      expect(now).toBeLessThan(0.85 * worst)
      worst = now
    }
  })
})
