import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  affineDeterminant,
  IDENTITY_AFFINE,
  invertAffine,
  multiplyAffines,
  swapRasLps,
  transformPoint,
} from './affine.ts'
import {
  createAxisAlignedGrid,
  createGrid,
  directionOf,
  flatIndex,
  indexToWorld,
  originOf,
  spacingOf,
  voxelAt,
  voxelVolumeMl,
  worldToIndex,
} from './grid.ts'
import { orientationCode } from './orientation.ts'

// 30° about z, spacing 0.9 × 1.1 × 2.5, x mirrored.
const OBLIQUE = [
  ...[-0.9 * Math.cos(Math.PI / 6), -1.1 * Math.sin(Math.PI / 6), 0, 10],
  ...[-0.9 * Math.sin(Math.PI / 6), 1.1 * Math.cos(Math.PI / 6), 0, -20],
  ...[0, 0, 2.5, 30],
  ...[0, 0, 0, 1],
]

describe('affine maths', () => {
  const entry = fc.integer({ min: -80, max: 80 }).map((n) => n / 8)
  const affine = fc
    .array(entry, { minLength: 12, maxLength: 12 })
    .map((rows) => [...rows, 0, 0, 0, 1])
    .filter((matrix) => Math.abs(affineDeterminant(matrix)) > 0.5)

  it('undoes a map by its inverse', () => {
    fc.assert(
      fc.property(affine, (matrix) => {
        const product = multiplyAffines(invertAffine(matrix), matrix)
        product.forEach((value, index) => expect(value).toBeCloseTo(IDENTITY_AFFINE[index], 8))
      }),
    )
  })

  it('applies the right factor of a product first', () => {
    fc.assert(
      fc.property(affine, affine, fc.tuple(entry, entry, entry), (left, right, point) => {
        const inSteps = transformPoint(left, transformPoint(right, point))
        const atOnce = transformPoint(multiplyAffines(left, right), point)
        atOnce.forEach((value, axis) => expect(value).toBeCloseTo(inSteps[axis], 6))
      }),
    )
  })

  it('refuses to invert a singular matrix', () => {
    expect(() => invertAffine(new Array(16).fill(0))).toThrow(RangeError)
  })

  it('changes RAS to LPS and back', () => {
    expect(swapRasLps(OBLIQUE).slice(0, 4)).toEqual(
      OBLIQUE.slice(0, 4).map((n) => (n === 0 ? 0 : -n)),
    )
    expect(swapRasLps(OBLIQUE).slice(8)).toEqual(OBLIQUE.slice(8))
    expect(swapRasLps(swapRasLps(OBLIQUE))).toEqual(OBLIQUE)
  })
})

describe('a grid', () => {
  const grid = createGrid([4, 5, 6], OBLIQUE)

  it('knows spacing, origin and unit directions', () => {
    expect(spacingOf(OBLIQUE)).toEqual([
      expect.closeTo(0.9, 12),
      expect.closeTo(1.1, 12),
      expect.closeTo(2.5, 12),
    ])
    expect(originOf(OBLIQUE)).toEqual([10, -20, 30])
    const direction = directionOf(OBLIQUE)
    expect(direction[0]).toBeCloseTo(-Math.cos(Math.PI / 6), 12)
    expect(direction[1]).toBeCloseTo(-0.5, 12)
    expect(direction[8]).toBeCloseTo(1, 12)
  })

  it('maps index to world and back', () => {
    const world = indexToWorld(grid, [1, 2, 3])
    expect(world[2]).toBeCloseTo(37.5, 12)
    const index = worldToIndex(grid, world)
    index.forEach((value, axis) => expect(value).toBeCloseTo(axis + 1, 10))
  })

  it('has a voxel volume that survives rotation and mirroring', () => {
    expect(voxelVolumeMl(grid)).toBeCloseTo((0.9 * 1.1 * 2.5) / 1000, 12)
  })

  it('turns flat indices into voxels and back', () => {
    for (let flat = 0; flat < 120; flat++) {
      expect(flatIndex([4, 5, 6], voxelAt([4, 5, 6], flat))).toBe(flat)
    }
    expect(voxelAt([4, 5, 6], 1 + 4 * (2 + 5 * 3))).toEqual([1, 2, 3])
  })

  it('can be made from spacing and origin', () => {
    const plain = createAxisAlignedGrid([2, 2, 2], [1, 2, 3], [-5, 0, 5])
    expect(indexToWorld(plain, [1, 1, 1])).toEqual([-4, 2, 8])
    expect(plain.spacingMm).toEqual([1, 2, 3])
  })
})

describe('orientationCode', () => {
  it.each([
    ['RAS', [1, 0, 0, 0, 1, 0, 0, 0, 1]],
    ['LPS', [-1, 0, 0, 0, -1, 0, 0, 0, 1]],
    ['PSR', [0, 0, 1, -1, 0, 0, 0, 1, 0]],
    ['AIL', [0, 0, -1, 1, 0, 0, 0, -1, 0]],
    // A shear that outweighs its own axis; nibabel.aff2axcodes says RAS.
    ['RAS', [1, 0.9, 0, 0, 1, 0, 0, 0, 1]],
  ])('says %s', (code, m) => {
    const affine = [m[0], m[1], m[2], 0, m[3], m[4], m[5], 0, m[6], m[7], m[8], 0, 0, 0, 0, 1]
    expect(orientationCode(affine)).toBe(code)
  })

  it('says where the axes of an oblique grid mostly run', () => {
    expect(orientationCode(OBLIQUE)).toBe('LAS')
  })

  it('refuses a singular matrix', () => {
    expect(() => orientationCode(new Array(16).fill(0))).toThrow(RangeError)
  })
})
