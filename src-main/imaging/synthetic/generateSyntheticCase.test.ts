import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { LABELS, SEQUENCES } from '../../contract/index.ts'
import { generateSyntheticCase, GENERATOR_VERSION } from './generateSyntheticCase.ts'
import type { SyntheticCase } from './syntheticCase.ts'

const DIMS = [40, 44, 40] as const
const cohort = Array.from({ length: 20 }, (_, index) =>
  generateSyntheticCase({ seed: 11, index, dims: DIMS, kappa: 0.5 }),
)

const digest = (made: SyntheticCase): string => {
  const hash = createHash('sha256')
  for (const sequence of SEQUENCES) hash.update(new Uint8Array(made.images[sequence].buffer))
  return hash.update(made.labels).digest('hex').slice(0, 16)
}

describe('generateSyntheticCase', () => {
  it('gives the same bits again, and those of this generator version', () => {
    const again = generateSyntheticCase({ seed: 11, index: 3, dims: DIMS, kappa: 0.5 })
    expect(digest(again)).toBe(digest(cohort[3]))
    expect([GENERATOR_VERSION, digest(again)]).toEqual(['1.0.0', '582846c84bd6d2db'])
  })

  it('gives another head for another index or seed', () => {
    const elsewhere = generateSyntheticCase({ seed: 12, index: 3, dims: DIMS, kappa: 0.5 })
    expect(digest(elsewhere)).not.toBe(digest(cohort[3]))
    expect(new Set(cohort.map(digest)).size).toBe(cohort.length)
  })

  it('puts the same tumour in the same place whatever the grid', () => {
    const finer = generateSyntheticCase({ seed: 11, index: 3, dims: [64, 64, 56], kappa: 0.5 })
    expect(finer.description.foci).toEqual(cohort[3].description.foci)
    const ratio = finer.description.volumesMl.WT / cohort[3].description.volumesMl.WT
    expect(ratio).toBeGreaterThan(0.8)
    expect(ratio).toBeLessThan(1.25)
  })

  it('is exactly 0 in the same background on all sequences, and labels lie in the brain', () => {
    for (const { images, labels } of cohort) {
      let background = 0
      for (let i = 0; i < labels.length; i++) {
        const outside = images.t1[i] === 0
        if (outside) background++
        const agrees = SEQUENCES.every((name) => (images[name][i] === 0) === outside)
        if (!agrees || (outside && labels[i] !== 0)) throw new Error(`voxel ${i} disagrees`)
      }
      expect(background / labels.length).toBeGreaterThan(0.4)
      expect(background / labels.length).toBeLessThan(0.8)
    }
  })

  it('has brains, ventricles and tumours of plausible size', () => {
    for (const { description } of cohort) {
      expect(description.brainMl).toBeGreaterThan(1050)
      expect(description.brainMl).toBeLessThan(1800)
      expect(description.ventriclesMl).toBeGreaterThan(6)
      expect(description.ventriclesMl).toBeLessThan(70)
      expect(description.volumesMl.TC).toBeGreaterThan(1.5)
      expect(description.volumesMl.TC).toBeLessThan(170)
      expect(description.volumesMl.WT).toBeGreaterThan(description.volumesMl.TC)
      expect(description.volumesMl.WT).toBeLessThan(330)
    }
  })

  it('gives enhancing tumour its planned share of the core', () => {
    for (const { description } of cohort) {
      const { ET, TC } = description.volumesMl
      expect(ET / TC).toBeCloseTo(description.enhancingShare, 1)
    }
  })

  it('describes exactly the labels it returns', () => {
    const { labels, grid, description } = cohort[0]
    const voxels = labels.filter((label) => label === LABELS.edema).length
    expect(description.volumesMl.edema).toBeCloseTo((voxels * grid.spacingMm[0] ** 3) / 1000, 6)
  })

  it('spoils labels only where asked, leaving the images and the truth alone', () => {
    const clean = cohort[5]
    expect(clean.labels).toBe(clean.trueLabels)
    const spoilt = generateSyntheticCase({
      seed: 11,
      index: 5,
      dims: DIMS,
      kappa: 0.5,
      labelNoise: 1,
    })
    expect(spoilt.trueLabels).toEqual(clean.labels)
    expect(spoilt.images.flair).toEqual(clean.images.flair)
    let both = 0
    let sum = 0
    for (let i = 0; i < clean.labels.length; i++) {
      if (clean.labels[i] > 0) sum++
      if (spoilt.labels[i] > 0) sum++
      if (clean.labels[i] > 0 && spoilt.labels[i] > 0) both++
    }
    const dice = (2 * both) / sum
    expect(dice).toBeGreaterThan(0.7)
    expect(dice).toBeLessThan(0.98)
  })

  it('shifts the scanner and not the labels', () => {
    const shifted = generateSyntheticCase({
      seed: 11,
      index: 5,
      dims: DIMS,
      kappa: 0.5,
      scanner: { noise: 5 },
    })
    expect(shifted.labels).toEqual(cohort[5].labels)
    const roughness = (image: Int16Array): number => {
      let sum = 0
      for (let i = 1; i < image.length; i++) {
        if (image[i] > 0 && image[i - 1] > 0) sum += Math.abs(image[i] - image[i - 1])
      }
      return sum
    }
    expect(roughness(shifted.images.t1)).toBeGreaterThan(1.3 * roughness(cohort[5].images.t1))
  })

  it('refuses a dial or a label noise out of range', () => {
    const options = { seed: 1, index: 0, dims: DIMS }
    expect(() => generateSyntheticCase({ ...options, kappa: 1.5 })).toThrow(RangeError)
    expect(() => generateSyntheticCase({ ...options, kappa: NaN })).toThrow(RangeError)
    expect(() => generateSyntheticCase({ ...options, kappa: 1, labelNoise: -1 })).toThrow(
      RangeError,
    )
  })
})
