import { describe, expect, it } from 'vitest'
import type { VolumeGrid } from '../../contract/volume.ts'
import { createAxisAlignedGrid, createGrid, indexToWorld, voxelAt } from '../geometry/index.ts'
import { connectedComponents } from '../labelmap/index.ts'
import { randomStream } from '../random/randomStream.ts'
import { measureLesions } from './measureLesions.ts'

const label = (
  grid: VolumeGrid,
  inside: (x: number, y: number, z: number) => boolean,
): Uint8Array =>
  Uint8Array.from({ length: grid.dims[0] * grid.dims[1] * grid.dims[2] }, (_, flat) =>
    inside(...voxelAt(grid.dims, flat)) ? 3 : 0,
  )

/**
 * Every pair of voxels of every slice, in world coordinates: nothing in common with the code but the definition.
 *
 * @returns the longest diameter, and the longest perpendicular one of every pair of voxels that lie so far apart
 */
function bruteForce(labels: Uint8Array, grid: VolumeGrid, axis: number) {
  const voxels = Array.from(labels, (_, flat) => voxelAt(grid.dims, flat)).filter(
    (_, flat) => labels[flat] === 3,
  )
  const slices = Array.from({ length: grid.dims[axis] }, (_, slice) => {
    const points = voxels
      .filter((voxel) => voxel[axis] === slice)
      .map((voxel) => indexToWorld(grid, voxel))
    return points.flatMap((a, m) => points.slice(m + 1).map((b) => a.map((part, n) => b[n] - part)))
  })
  const longest = Math.max(0, ...slices.flat().map((pair) => Math.hypot(...pair)))
  const perpendiculars = slices.flatMap((pairs) =>
    pairs
      .filter((pair) => Math.hypot(...pair) > longest - 1e-9)
      .map((along) => {
        const across = pairs.filter((pair) => {
          const cosine = pair.reduce((sum, part, n) => sum + part * along[n], 0)
          return Math.abs(cosine) / (Math.hypot(...pair) * longest) <= Math.sin(Math.PI / 36)
        })
        return Math.max(0, ...across.map((pair) => Math.hypot(...pair)))
      }),
  )
  return { longest, perpendiculars: longest === 0 ? [0] : perpendiculars }
}

describe('measureLesions', () => {
  it('measures a box along its diagonal, and perpendicular to it', () => {
    const grid = createAxisAlignedGrid([40, 40, 5], [1, 1, 3])
    // 31 × 13 voxels: 30 mm by 12 mm between centres.
    const labels = label(grid, (x, y, z) => z === 2 && x >= 4 && x <= 34 && y >= 10 && y <= 22)
    const { lesions, sumOfProductsMm2, sliceAxis, tiltDegrees } = measureLesions(labels, grid)
    expect([sliceAxis, tiltDegrees]).toEqual([2, 0])
    expect(lesions).toHaveLength(1)
    const [lesion] = lesions
    expect(lesion.slice).toBe(2)
    expect(lesion.volumeMl).toBeCloseTo((31 * 13 * 3) / 1000, 10)
    expect(lesion.longest.lengthMm).toBeCloseTo(Math.hypot(30, 12), 10)
    expect(new Set([lesion.longest.from, lesion.longest.to].map(String))).toEqual(
      new Set(['4,10,2', '34,22,2']),
    )
    // All chords from edge to edge within 5° of the right angle: the longest spans 12 mm by 5 mm or less.
    expect(lesion.perpendicular.lengthMm).toBeGreaterThan(12)
    expect(lesion.perpendicular.lengthMm).toBeLessThan(13.5)
    expect(lesion.productMm2).toBe(lesion.longest.lengthMm * lesion.perpendicular.lengthMm)
    expect(sumOfProductsMm2).toBe(lesion.productMm2)
  })

  it('takes a disc by its diameter in both directions, in the slice where it is largest', () => {
    const grid = createAxisAlignedGrid([60, 60, 21], [0.5, 0.5, 1])
    const labels = label(grid, (x, y, z) => Math.hypot((x - 30) / 2, (y - 30) / 2, z - 10) <= 8)
    const [lesion] = measureLesions(labels, grid).lesions
    expect(lesion.slice).toBe(10)
    expect(lesion.longest.lengthMm).toBeCloseTo(16, 1)
    expect(lesion.perpendicular.lengthMm).toBeCloseTo(16, 0)
  })

  it('crosses the necrosis that a ring encloses', () => {
    const grid = createAxisAlignedGrid([40, 40, 1], [1, 1, 1])
    const labels = label(grid, (x, y) => Math.abs(Math.hypot(x - 20, y - 20) - 14) <= 1)
    const [lesion] = measureLesions(labels, grid).lesions
    expect(lesion.longest.lengthMm).toBeGreaterThan(28)
    expect(lesion.perpendicular.lengthMm).toBeGreaterThan(28)
  })

  it.each([
    ['axial', createAxisAlignedGrid([9, 8, 3], [1, 1.5, 2]), 2],
    [
      'oblique',
      createGrid([9, 8, 3], [0.9, 0.1, 0.2, 5, -0.1, 1.1, 0.3, 2, 0.05, -0.3, 3, 1, 0, 0, 0, 1]),
      2,
    ],
    [
      'sheared, stored coronally',
      createGrid([9, 3, 8], [1, 0, 0, 0, 0, 0.2, -1.2, 0, 0.1, 2, 0.3, 0, 0, 0, 0, 1]),
      1,
    ],
  ] as const)('finds the diameters that comparing all voxels finds (%s)', (_, grid, axis) => {
    const random = randomStream(7)
    const count = grid.dims[0] * grid.dims[1] * grid.dims[2]
    for (let round = 0; round < 12; round++) {
      const scattered = Uint8Array.from({ length: count }, () => (random.chance(0.15) ? 3 : 0))
      const { ids, count: components } = connectedComponents(scattered, grid.dims)
      expect(measureLesions(scattered, grid).lesions).toHaveLength(components)
      for (let id = 1; id <= components; id++) {
        const one = scattered.map((value, flat) => (ids[flat] === id ? value : 0))
        const { lesions, sliceAxis } = measureLesions(one, grid)
        expect([lesions.length, sliceAxis]).toEqual([1, axis])
        const expected = bruteForce(one, grid, axis)
        expect(lesions[0].longest.lengthMm).toBeCloseTo(expected.longest, 9)
        const nearest = Math.min(
          ...expected.perpendiculars.map((mm) => Math.abs(mm - lesions[0].perpendicular.lengthMm)),
        )
        expect(nearest).toBeLessThan(1e-9)
      }
    }
  })

  it('numbers lesions by their product and sums five measurable ones', () => {
    const grid = createAxisAlignedGrid([140, 20, 1], [1, 1, 1])
    // Seven squares, 13 to 19 voxels wide, and a speck.
    const labels = label(grid, (x, y) => {
      const square = Math.floor(x / 20)
      return (
        (square < 7 && x % 20 < 13 + square && x % 20 > 0 && y < 12 + square) ||
        (x === 139 && y === 19)
      )
    })
    const { lesions, sumOfProductsMm2 } = measureLesions(labels, grid)
    const products = lesions.map(({ productMm2 }) => productMm2)
    expect(products).toEqual([...products].sort((a, b) => b - a))
    expect(lesions.map(({ number }) => number)).toEqual(lesions.map((__, n) => n + 1))
    expect(sumOfProductsMm2).toBeCloseTo(
      products.slice(0, 5).reduce((sum, product) => sum + product, 0),
      9,
    )
  })

  it('a lesion that is small in one direction is not measurable', () => {
    const grid = createAxisAlignedGrid([30, 20, 1], [1, 1, 1])
    const { lesions, sumOfProductsMm2 } = measureLesions(
      label(grid, (x, y) => x < 25 && y < 8),
      grid,
    )
    expect(lesions[0].measurable).toBe(false)
    expect(sumOfProductsMm2).toBe(0)
  })

  it('with slices 6 mm apart a lesion has to measure 12 mm', () => {
    const labels = (grid: VolumeGrid) => label(grid, (x, y) => x < 12 && y < 12)
    const thin = createAxisAlignedGrid([20, 20, 1], [1, 1, 5])
    const thick = createAxisAlignedGrid([20, 20, 1], [0.7, 0.7, 6])
    expect(measureLesions(labels(thin), thin).lesions[0].measurable).toBe(true)
    expect(measureLesions(labels(thick), thick).lesions[0].measurable).toBe(false)
  })

  it('finds nothing where nothing enhances', () => {
    const grid = createAxisAlignedGrid([4, 4, 4], [1, 1, 1])
    const { lesions, sumOfProductsMm2 } = measureLesions(new Uint8Array(64).fill(2), grid)
    expect([lesions.length, sumOfProductsMm2]).toEqual([0, 0])
  })
})
