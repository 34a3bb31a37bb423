import { describe, expect, it } from 'vitest'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { augmentIntensity } from './augmentIntensity.ts'
import { blurInside } from './blurInside.ts'
import { coarsenInside } from './coarsenInside.ts'
import type { Triple } from './preparedCase.ts'

const SIZE: Triple = [9, 8, 7]
const LENGTH = 9 * 8 * 7

/** Noise inside of a box that leaves a border of zeros. */
function head(seed: number): Float32Array {
  const stream = randomStream(seed, 'head')
  return Float32Array.from({ length: LENGTH }, (_, n) => {
    const [i, j, k] = [n % 9, Math.floor(n / 9) % 8, Math.floor(n / 72)]
    const isInside = i > 0 && i < 8 && j > 0 && j < 7 && k > 0 && k < 6
    return isInside ? stream.normal() + 3 : 0
  })
}

const deviation = (values: Float32Array): number => {
  const inside = values.filter((value) => value !== 0)
  const mean = inside.reduce((a, b) => a + b, 0) / inside.length
  return Math.sqrt(inside.reduce((sum, x) => sum + (x - mean) ** 2, 0) / inside.length)
}

describe('blur', () => {
  it('weighs a point by the Gaussian, over the mass of the brain around', () => {
    const channel = new Float32Array(LENGTH).fill(1e-20)
    const centre = 4 + 9 * (4 + 8 * 3)
    channel[centre] = 1
    const blurred = blurInside(channel, SIZE, 0.5)
    // Along an axis: weights e^(−2x²) over their sum (|x| ≤ 2); the mass is 1 so far inside.
    const sum = 1 + 2 * (Math.exp(-2) + Math.exp(-8))
    expect(blurred[centre]).toBeCloseTo(1 / sum ** 3, 6)
    expect(blurred[centre + 1]).toBeCloseTo(Math.exp(-2) / sum ** 3, 6)
  })

  it('keeps an even brain even up to its rim, and outside 0', () => {
    const even = head(1).map((value) => (value === 0 ? 0 : 2))
    const blurred = blurInside(even, SIZE, 1)
    blurred.forEach((value, i) => expect(value).toBeCloseTo(even[i], 5))
  })
})

describe('low resolution', () => {
  it('is the identity at a zoom of 1', () => {
    expect(coarsenInside(head(2), SIZE, 1)).toEqual(head(2))
  })

  it('takes nearest voxels and interpolates back linearly', () => {
    const line = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8)
    // Coarse voxels 2, 4, 6, 8 with centres at 0.5, 2.5, 4.5, 6.5.
    const coarse = coarsenInside(line, [8, 1, 1], 0.5)
    const expected = [2, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8]
    expected.forEach((value, i) => expect(coarse[i]).toBeCloseTo(value, 6))
  })

  it('leaves outside 0', () => {
    const channel = head(3)
    coarsenInside(channel, SIZE, 0.5).forEach((value, i) => {
      if (channel[i] === 0) expect(value).toBe(0)
    })
  })
})

describe('augmentation of grey values', () => {
  const outcomes = (resolution: boolean, count = 200): Float32Array[] =>
    Array.from({ length: count }, (_, seed) =>
      augmentIntensity(head(seed), SIZE, randomStream(seed, 'augment'), resolution),
    )

  it('is the same for the same stream, and never fills what is outside', () => {
    const [first, again] = [outcomes(true, 30), outcomes(true, 30)]
    first.forEach((outcome, n) =>
      expect(Buffer.from(outcome.buffer)).toEqual(Buffer.from(again[n].buffer)),
    )
    const outside = [...head(0)].flatMap((value, i) => (value === 0 ? [i] : []))
    for (const outcome of first) expect(outside.every((i) => outcome[i] === 0)).toBe(true)
  })

  it('blurs or coarsens as many channels as nnU-Net does, and no others change by it', () => {
    const [plain, both] = [outcomes(false), outcomes(true)]
    const changed = both.filter((outcome, n) => outcome.some((value, i) => value !== plain[n][i]))
    // 1 − 0.9 · 0.875 = 0.2125 of 200; three binomial deviations are 17.
    expect(Math.abs(changed.length - 42.5)).toBeLessThan(17)
    const smoother = both.filter((outcome, n) => deviation(outcome) < deviation(plain[n]))
    expect(smoother.length).toBeGreaterThan(changed.length / 2)
  })
})
