import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAxisAlignedGrid } from '../geometry/index.ts'
import type { Connectivity } from './connectedComponents.ts'
import { keepLargestIsland, removeSmallIslands } from './islands.ts'
import { combineMasks, maskOfLabel, redrawLabel } from './logicalOperations.ts'
import { growMargin, hollow, shrinkMargin } from './margin.ts'
import golden from './scipyGolden.json' with { type: 'json' }
import { interpolateSlices } from './sliceInterpolation.ts'
import { gaussianSmooth, jointSmooth, medianSmooth } from './smoothing.ts'

type Triple = [number, number, number]
const grid = createAxisAlignedGrid(golden.dims as Triple, golden.spacingMm as Triple)
const unpack = (text: string) => new Uint8Array(inflateSync(Buffer.from(text, 'base64')))
const speckled = unpack(golden.speckled)
const solid = unpack(golden.solid)
const labels = unpack(golden.labels)

const differing = (result: Uint8Array, expected: string) => {
  const wanted = unpack(expected)
  expect(result.length).toBe(wanted.length)
  return result.reduce((count, value, i) => (value === wanted[i] ? count : count + 1), 0)
}

describe('labelmap operations, voxel for voxel as scipy', () => {
  it.each(golden.largest)('keep the largest island ($connectivity neighbours)', (entry) => {
    const kept = keepLargestIsland(speckled, grid, entry.connectivity as Connectivity)
    expect(differing(kept, entry.expected)).toBe(0)
  })

  it.each(golden.withoutSmall)(
    'remove islands below $minimumMl ml ($connectivity neighbours)',
    (entry) => {
      const connectivity = entry.connectivity as Connectivity
      const kept = removeSmallIslands(speckled, grid, entry.minimumMl, connectivity)
      expect(differing(kept, entry.expected)).toBe(0)
    },
  )

  it.each(golden.median)('smooth by the median within $mm mm', (entry) => {
    expect(differing(medianSmooth(solid, grid, entry.mm), entry.expected)).toBe(0)
  })

  it.each(golden.gaussian)('smooth by a Gaussian of $mm mm', (entry) => {
    expect(differing(gaussianSmooth(solid, grid, entry.mm), entry.expected)).toBe(0)
  })

  it.each(golden.joint)('smooth all labels together by $mm mm', (entry) => {
    expect(differing(jointSmooth(labels, grid, entry.mm), entry.expected)).toBe(0)
  })

  it.each(golden.grow)('grow by $mm mm', (entry) => {
    expect(differing(growMargin(solid, grid, entry.mm), entry.expected)).toBe(0)
  })

  it.each(golden.shrink)('shrink by $mm mm', (entry) => {
    expect(differing(shrinkMargin(solid, grid, entry.mm), entry.expected)).toBe(0)
  })

  it.each(golden.hollow)('hollow to $mm mm', (entry) => {
    expect(differing(hollow(solid, grid, entry.mm), entry.expected)).toBe(0)
  })

  it.each(golden.interpolated)('interpolate between slices along axis $axis', (entry) => {
    const filled = interpolateSlices(unpack(entry.sparse), grid, entry.axis as 0 | 1 | 2)
    expect(differing(filled, entry.expected)).toBe(0)
  })
})

describe('labelmap operations', () => {
  const empty = new Uint8Array(solid.length)
  const operations: [string, (mask: Uint8Array) => Uint8Array][] = [
    ['keepLargestIsland', (mask) => keepLargestIsland(mask, grid)],
    ['removeSmallIslands', (mask) => removeSmallIslands(mask, grid, 0.05)],
    ['medianSmooth', (mask) => medianSmooth(mask, grid, 1.2)],
    ['gaussianSmooth', (mask) => gaussianSmooth(mask, grid, 1)],
    ['jointSmooth', (mask) => jointSmooth(mask, grid, 1)],
    ['growMargin', (mask) => growMargin(mask, grid, 2)],
    ['shrinkMargin', (mask) => shrinkMargin(mask, grid, 1)],
    ['hollow', (mask) => hollow(mask, grid, 1)],
    ['interpolateSlices', (mask) => interpolateSlices(mask, grid, 2)],
  ]

  it.each(operations)('%s leaves an empty mask empty and its input unchanged', (_, operation) => {
    expect(operation(empty).includes(1)).toBe(false)
    const input = solid.slice()
    expect(operation(input)).not.toBe(input)
    expect(Buffer.compare(input, solid)).toBe(0)
  })

  it('keeps a full image full under margins', () => {
    const full = new Uint8Array(solid.length).fill(1)
    expect(shrinkMargin(full, grid, 5).includes(0)).toBe(false)
    expect(growMargin(full, grid, 5).includes(0)).toBe(false)
  })

  const small = createAxisAlignedGrid([6, 5, 4], [1, 1.5, 2])
  const anyMask = fc.uint8Array({ minLength: 120, maxLength: 120, max: 1 })
  const mm = fc.constantFrom(0, 1, 1.5, 2, 3.3)
  const isWithin = (inner: Uint8Array, outer: Uint8Array) =>
    inner.every((value, i) => value === 0 || outer[i] !== 0)

  it('shrinks within and grows around any mask, and more for a wider margin', () => {
    fc.assert(
      fc.property(anyMask, mm, mm, (mask, a, b) => {
        const [near, far] = [Math.min(a, b), Math.max(a, b)]
        expect(isWithin(shrinkMargin(mask, small, near), mask)).toBe(true)
        expect(isWithin(mask, growMargin(mask, small, near))).toBe(true)
        expect(isWithin(growMargin(mask, small, near), growMargin(mask, small, far))).toBe(true)
        expect(isWithin(shrinkMargin(mask, small, far), shrinkMargin(mask, small, near))).toBe(true)
      }),
    )
  })

  it('shrinks as the complement grows', () => {
    fc.assert(
      fc.property(anyMask, mm, (mask, margin) => {
        const outside = mask.map((value) => 1 - value)
        const grown = growMargin(outside, small, margin)
        expect(shrinkMargin(mask, small, margin)).toEqual(grown.map((value) => 1 - value))
      }),
    )
  })

  it('keeps every drawn slice when it interpolates, and fills nothing beyond the last', () => {
    fc.assert(
      fc.property(anyMask, fc.constantFrom(0 as const, 1 as const, 2 as const), (mask, axis) => {
        const filled = interpolateSlices(mask, small, axis)
        expect(isWithin(mask, filled)).toBe(true)
        expect(interpolateSlices(filled, small, axis)).toEqual(filled)
      }),
    )
  })

  it('keeps an island of exactly the smallest volume', () => {
    const unit = createAxisAlignedGrid([5, 1, 1], [1, 1, 1])
    const mask = Uint8Array.of(1, 1, 1, 0, 1)
    expect([...removeSmallIslands(mask, unit, 0.003)]).toEqual([1, 1, 1, 0, 0])
    expect([...removeSmallIslands(mask, unit, 0.0031)]).toEqual([0, 0, 0, 0, 0])
  })

  it('keeps the first of equally large islands', () => {
    const unit = createAxisAlignedGrid([5, 1, 1], [1, 1, 1])
    expect([...keepLargestIsland(Uint8Array.of(0, 1, 0, 1, 0), unit)]).toEqual([0, 1, 0, 0, 0])
  })
})

describe('combineMasks', () => {
  const first = Uint8Array.of(0, 0, 1, 3)
  const second = Uint8Array.of(0, 2, 0, 1)

  it.each([
    ['union', [0, 1, 1, 1]],
    ['intersection', [0, 0, 0, 1]],
    ['difference', [0, 0, 1, 0]],
    ['exclusive', [0, 1, 1, 0]],
  ] as const)('gives the %s', (operation, expected) => {
    expect([...combineMasks(first, second, operation)]).toEqual(expected)
  })

  it('refuses masks of different lengths', () => {
    expect(() => combineMasks(first, second.subarray(1), 'union')).toThrow(RangeError)
  })
})

describe('redrawLabel', () => {
  const before = Uint8Array.of(0, 1, 2, 3, 1)

  it('takes the mask and gives the rest of the label to the background', () => {
    expect([...redrawLabel(before, 1, Uint8Array.of(1, 1, 1, 1, 0))]).toEqual([1, 1, 1, 1, 0])
  })

  it('leaves locked labels alone, also the background and the label itself', () => {
    const mask = Uint8Array.of(1, 1, 1, 1, 0)
    expect([...redrawLabel(before, 1, mask, [2])]).toEqual([1, 1, 2, 1, 0])
    expect([...redrawLabel(before, 1, mask, [0])]).toEqual([0, 1, 1, 1, 0])
    expect([...redrawLabel(before, 1, mask, [1])]).toEqual([...before])
  })

  it('draws the label it is given back unchanged', () => {
    expect([...redrawLabel(labels, 3, maskOfLabel(labels, 3))]).toEqual([...labels])
  })
})
