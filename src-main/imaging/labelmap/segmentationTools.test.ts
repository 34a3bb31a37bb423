import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAxisAlignedGrid } from '../geometry/index.ts'
import { growFromSeeds } from './growFromSeeds.ts'
import { majorityVote } from './majorityVote.ts'
import { growConfidentRegion, growRegion } from './regionGrowing.ts'
import golden from './segmentationGolden.json' with { type: 'json' }
import { staple, stapleLabels } from './staple.ts'
import { VoxelQueue } from './voxelQueue.ts'
import { watershed } from './watershed.ts'
import { watershedBrush } from './watershedBrush.ts'

type Triple = [number, number, number]
const grid = createAxisAlignedGrid(golden.dims as Triple, golden.spacingMm as Triple)
const bytes = (text: string) => new Uint8Array(inflateSync(Buffer.from(text, 'base64')))
const floats = (text: string) => new Float32Array(bytes(text).buffer)
const image = floats(golden.image)
const seeds = bytes(golden.seeds)

const differing = (result: Uint8Array, expected: string) => {
  const wanted = bytes(expected)
  expect(result.length).toBe(wanted.length)
  return result.reduce((count, value, i) => (value === wanted[i] ? count : count + 1), 0)
}

describe('region growing', () => {
  it.each([6, 26] as const)('reaches what scipy reaches (%i neighbours)', (connectivity) => {
    const grown = growRegion(image, grid, [golden.seed], golden.region, connectivity)
    expect(differing(grown, golden.region.expected[connectivity])).toBe(0)
  })

  it('finds its range from the image as the plain computation does', () => {
    const options = { radius: 1, multiplier: 2, iterations: 3 }
    const { region, bounds } = growConfidentRegion(image, grid, [golden.seed], options)
    expect(bounds.low).toBeCloseTo(golden.confident.low, 9)
    expect(bounds.high).toBeCloseTo(golden.confident.high, 9)
    expect(differing(region, golden.confident.expected)).toBe(0)
  })

  it('grows nothing from no seed, or from one outside of the range, and refuses one outside of the image', () => {
    expect(growRegion(image, grid, [], golden.region)).not.toContain(1)
    expect(growRegion(image, grid, [golden.seed], { low: 900, high: 901 })).not.toContain(1)
    expect(
      growConfidentRegion(image, grid, [], { radius: 1, multiplier: 2, iterations: 1 }).region,
    ).not.toContain(1)
    expect(() => growRegion(image, grid, [image.length], golden.region)).toThrow(RangeError)
  })
})

describe('growing from seeds', () => {
  it.each(golden.grown)(
    'follows the shortest paths (locality $locality a mm)',
    ({ locality, expected }) => {
      const options = { localityPerMm: locality, marginMm: 100 }
      expect(differing(growFromSeeds(image, seeds, grid, options), expected)).toBe(0)
    },
  )

  it('keeps every seed and stays within the margin', () => {
    const one = new Uint8Array(seeds.length)
    one[golden.seed] = 4
    const grown = growFromSeeds(image, one, grid, { marginMm: 1 })
    expect(grown[golden.seed]).toBe(4)
    const count = grown.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0)
    // Two voxels of 0.9 mm, one of 1.1 mm and one of 2.5 mm to each side.
    expect(count).toBeLessThanOrEqual(5 * 3 * 3)
    expect(growFromSeeds(image, new Uint8Array(seeds.length), grid)).not.toContain(1)
  })
})

describe('watershed', () => {
  it('floods as scikit-image does, everywhere and within a mask', () => {
    expect(differing(watershed(image, seeds, grid), golden.watershed.everywhere)).toBe(0)
    const within = bytes(golden.watershed.within)
    expect(differing(watershed(image, seeds, grid, within), golden.watershed.expected)).toBe(0)
  })

  it('brush paints the structure under its centre and stops at its edge', () => {
    const isotropic = createAxisAlignedGrid([24, 24, 24], [1, 1, 1])
    // Two tissues that meet at x = 13, with a ripple far weaker than the edge.
    const tissues = Float32Array.from(
      { length: 24 ** 3 },
      (_, i) => (i % 24 < 13 ? 100 : 200) + 3 * Math.sin(i),
    )
    const painted = watershedBrush(tissues, isotropic, [10, 12, 12], 6)
    // Of the ball's 925 voxels those beyond the edge are missing, and hardly another one.
    expect(painted.length).toBeGreaterThan(700)
    for (const voxel of painted) {
      const at = [voxel % 24, Math.floor(voxel / 24) % 24, Math.floor(voxel / 576)]
      expect(at[0]).toBeLessThanOrEqual(13)
      expect(Math.hypot(at[0] - 10, at[1] - 12, at[2] - 12)).toBeLessThanOrEqual(6)
    }
    expect(watershedBrush(tissues, isotropic, [5, 12, 12], 4)).toHaveLength(257)
    expect(watershedBrush(tissues, isotropic, [-40, 0, 0], 6)).toHaveLength(0)
  })
})

describe('voxel queue', () => {
  it('gives the lowest priority first and equal ones in the order they came', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 400 }), (priorities) => {
        const queue = new VoxelQueue(2)
        priorities.forEach((priority, voxel) => queue.push(voxel, priority))
        const order = priorities.map((priority, voxel) => ({ priority, voxel }))
        order.sort((a, b) => a.priority - b.priority || a.voxel - b.voxel)
        for (const { priority, voxel } of order) {
          expect(queue.nextPriority).toBe(priority)
          expect(queue.pop()).toBe(voxel)
        }
        expect(() => queue.pop()).toThrow(RangeError)
      }),
    )
  })
})

describe('consensus of several readers', () => {
  const readers = golden.readers.map(bytes)

  it('estimates truth and performance as plain expectation maximisation does', () => {
    const estimate = staple(readers)
    const wanted = floats(golden.staple.probability)
    const worst = estimate.probability.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - wanted[i])),
      0,
    )
    expect(worst).toBeLessThan(1e-5)
    estimate.readers.forEach(({ sensitivity, specificity }, i) => {
      expect(sensitivity).toBeCloseTo(golden.staple.sensitivity[i], 5)
      expect(specificity).toBeCloseTo(golden.staple.specificity[i], 5)
    })
  })

  it('agrees with readers who agree, and finds nothing where nobody marked anything', () => {
    expect([...stapleLabels([seeds, seeds, seeds], [1, 2, 5])]).toEqual([...seeds])
    expect([...majorityVote([seeds, seeds])]).toEqual([...seeds])
    expect(staple([new Uint8Array(4), new Uint8Array(4)]).probability).toEqual(new Float32Array(4))
    expect(staple([Uint8Array.of(1, 1)]).probability).toEqual(Float32Array.of(1, 1))
  })

  it('votes: the most frequent label wins, ties go to the first reader or to the undecided label', () => {
    const votes = [Uint8Array.of(1, 1, 2, 0), Uint8Array.of(1, 2, 3, 0), Uint8Array.of(3, 2, 1, 0)]
    expect([...majorityVote(votes)]).toEqual([1, 2, 2, 0])
    expect([...majorityVote(votes, 9)]).toEqual([1, 2, 9, 0])
  })

  it('refuses no reader and labelmaps of different sizes', () => {
    expect(() => majorityVote([])).toThrow(RangeError)
    expect(() => staple([new Uint8Array(3), new Uint8Array(4)])).toThrow(/differ/)
  })
})
