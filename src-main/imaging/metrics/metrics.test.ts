import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REGIONS } from '../../contract/anatomy.ts'
import { createAxisAlignedGrid } from '../geometry/index.ts'
import { countOverlap } from './dice.ts'
import { squaredDistanceTransform } from '../mask/index.ts'
import { BRATS_WORST_DISTANCE_MM } from './emptyPolicy.ts'
import { lesionWiseScores } from './lesionWise.ts'
import { regionMask } from './regionMask.ts'
import golden from './referenceGolden.json' with { type: 'json' }
import { scoreLabelmaps } from './scoreLabelmaps.ts'
import { surfelAreasMm2 } from './surfelAreas.ts'
import { surfaceDistances } from './surface.ts'
import { surfaceDice } from './surfaceDice.ts'

type Triple = [number, number, number]
const dims = golden.dims as Triple
const spacing = golden.spacingMm as Triple
const grid = createAxisAlignedGrid(dims, spacing)
const unpack = (text: string) => new Uint8Array(inflateSync(Buffer.from(text, 'base64')))

const close = (expected: number | null) => (expected === null ? null : expect.closeTo(expected, 9))

describe.each(Object.entries(golden.pairs))('metrics of two labelmaps: %s', (_, pair) => {
  const reference = unpack(pair.reference)
  const predicted = unpack(pair.predicted)

  it('agree with scipy and the BraTS evaluation in every region', () => {
    const nan = scoreLabelmaps(reference, predicted, grid, 'nan')
    const pooled = scoreLabelmaps(reference, predicted, grid, 'nan', 'pooled')
    const weighted = scoreLabelmaps(reference, predicted, grid, 'nan', 'area-weighted')
    for (const region of REGIONS) {
      const expected = pair.regions[region]
      expect(weighted.hd95Mm[region]).toEqual(close(expected.areaWeighted))
      expect(nan.dice[region]).toEqual(close(expected.dice))
      expect(nan.hd95Mm[region]).toEqual(close(expected.maxDirected))
      expect(pooled.hd95Mm[region]).toEqual(close(expected.pooled))
      expect(nan.volumeErrorMl[region]).toEqual(close(expected.volumeErrorMl))
    }
  })

  it('give the surface Dice of scipy', () => {
    for (const region of REGIONS) {
      const expected = pair.regions[region]
      const distances = surfaceDistances(
        regionMask(reference, region),
        regionMask(predicted, region),
        dims,
        spacing,
      )
      if (expected.surfaceDice1 === null) {
        expect(distances).toBeNull()
      } else {
        expect(surfaceDice(distances, false, 1, 'nan')).toEqual(close(expected.surfaceDice1))
        expect(surfaceDice(distances, false, 2, 'nan')).toEqual(close(expected.surfaceDice2))
      }
    }
  })

  it('follow the challenge rule where a region is empty', () => {
    const score = scoreLabelmaps(reference, predicted, grid, 'brats')
    for (const region of REGIONS) {
      const expected = pair.regions[region]
      const areBothEmpty = expected.dice === null
      if (expected.maxDirected !== null) {
        expect(score.dice[region]).toEqual(close(expected.dice))
        expect(score.hd95Mm[region]).toEqual(close(expected.maxDirected))
      } else {
        expect(score.dice[region]).toBe(areBothEmpty ? 1 : 0)
        expect(score.hd95Mm[region]).toBe(areBothEmpty ? 0 : BRATS_WORST_DISTANCE_MM)
      }
    }
  })
})

describe('empty masks', () => {
  it('name the worst distance of a BraTS image', () => {
    expect(BRATS_WORST_DISTANCE_MM).toBeCloseTo(373.13, 2)
  })

  it('have a surface Dice by policy', () => {
    expect(surfaceDice(null, true, 1, 'nan')).toBeNull()
    expect(surfaceDice(null, true, 1, 'brats')).toBe(1)
    expect(surfaceDice(null, false, 1, 'nan')).toBe(0)
    expect(surfaceDice(null, false, 1, 'brats')).toBe(0)
  })
})

describe('scoreLabelmaps', () => {
  it('refuses labelmaps that do not fit the grid', () => {
    const labels = new Uint8Array(dims[0] * dims[1] * dims[2])
    expect(() => scoreLabelmaps(labels, labels.subarray(1), grid, 'nan')).toThrow(RangeError)
  })

  it('gives Dice and HD95 that do not depend on which labelmap comes first', () => {
    const { reference, predicted } = golden.pairs.independent
    const there = scoreLabelmaps(unpack(reference), unpack(predicted), grid, 'nan')
    const back = scoreLabelmaps(unpack(predicted), unpack(reference), grid, 'nan')
    expect(back.dice).toEqual(there.dice)
    expect(back.hd95Mm).toEqual(there.hd95Mm)
    for (const region of REGIONS) {
      expect(back.volumeErrorMl[region]).toBeCloseTo(-there.volumeErrorMl[region], 12)
    }
  })
})

describe('squaredDistanceTransform', () => {
  it.each(golden.distances.map((entry, index) => [index, entry] as const))(
    'agrees with scipy on mask %i',
    (_, expected) => {
      const squared = squaredDistanceTransform(unpack(expected.mask), dims, spacing)
      expect(squared.reduce((sum, value) => sum + value, 0)).toBeCloseTo(expected.sum, 5)
      expect(squared.reduce((max, value) => Math.max(max, value), 0)).toBeCloseTo(expected.max, 9)
      for (const [index, value] of expected.voxels) expect(squared[index]).toBeCloseTo(value, 9)
    },
  )

  it('is infinite everywhere for an empty mask', () => {
    expect([...squaredDistanceTransform(new Uint8Array(8), [2, 2, 2], [1, 1, 1])]).toEqual(
      new Array(8).fill(Infinity),
    )
  })

  it('equals the plain search over all voxels', () => {
    const size = fc.integer({ min: 1, max: 7 })
    const mm = fc.integer({ min: 1, max: 30 }).map((tenths) => tenths / 10)
    fc.assert(
      fc.property(
        fc.tuple(size, size, size),
        fc.tuple(mm, mm, mm),
        fc.array(fc.boolean(), { minLength: 343, maxLength: 343 }),
        fc.integer({ min: 1, max: 6 }),
        (shape, [sx, sy, sz], bits, sparsity) => {
          const [nx, ny, nz] = shape
          const mask = Uint8Array.from({ length: nx * ny * nz }, (__, i) =>
            bits[i] && i % sparsity === 0 ? 1 : 0,
          )
          const squared = squaredDistanceTransform(mask, shape, [sx, sy, sz])
          const at = (i: number): Triple => [
            i % nx,
            Math.floor(i / nx) % ny,
            Math.floor(i / nx / ny),
          ]
          for (let i = 0; i < mask.length; i++) {
            let nearest = Infinity
            const [x, y, z] = at(i)
            for (let j = 0; j < mask.length; j++) {
              if (mask[j] === 0) continue
              const [a, b, c] = at(j)
              const distance = ((x - a) * sx) ** 2 + ((y - b) * sy) ** 2 + ((z - c) * sz) ** 2
              nearest = Math.min(nearest, distance)
            }
            if (nearest === Infinity) expect(squared[i]).toBe(Infinity)
            else expect(squared[i]).toBeCloseTo(nearest, 8)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

it('weighs surface elements as the published table does, for anisotropic voxels', () => {
  const areas = surfelAreasMm2(spacing)
  golden.surfelAreas.forEach((area, code) => expect(areas[code]).toBeCloseTo(area, 6))
})

describe.each(Object.entries(golden.lesions))('lesion-wise scores: %s', (_, lesions) => {
  it('agree with the BraTS 2023 evaluation', () => {
    const lesionGrid = createAxisAlignedGrid(
      golden.lesionDims as Triple,
      lesions.spacingMm as Triple,
    )
    const scores = lesionWiseScores(
      unpack(lesions.reference),
      unpack(lesions.predicted),
      lesionGrid,
    )
    for (const region of REGIONS) {
      const expected = lesions.regions[region]
      expect(scores[region]).toEqual({
        ...expected,
        dice: close(expected.dice),
        hd95Mm: expect.closeTo(expected.hd95Mm, 6),
      })
    }
  })
})

describe('countOverlap', () => {
  it('counts any non-zero value as inside', () => {
    expect(countOverlap(Uint8Array.of(0, 1, 2, 3), Uint8Array.of(0, 0, 5, 1))).toEqual({
      reference: 3,
      predicted: 2,
      both: 2,
    })
  })
})
