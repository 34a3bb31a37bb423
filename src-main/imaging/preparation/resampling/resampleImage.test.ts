import { describe, expect, it } from 'vitest'
import {
  createAxisAlignedGrid,
  createGrid,
  IDENTITY_AFFINE,
  planCanonical,
  toCanonical,
} from '../../geometry/index.ts'
import { resampleImage } from './resampleImage.ts'

const voxels = Int16Array.from({ length: 60 }, (_, i) => (i * 37) % 101)
const grid = createAxisAlignedGrid([5, 4, 3], [1, 1, 1])

const at = (x: number, y: number, z: number): number =>
  resampleImage(
    { grid, voxels },
    createAxisAlignedGrid([1, 1, 1], [1, 1, 1], [x, y, z]),
    IDENTITY_AFFINE,
  )[0]

describe('resampling an image', () => {
  it('agrees with scipy’s interpolating cubic spline', () => {
    // bench/reference/preparation_golden.py
    expect(at(1.3, 2.6, 0.4)).toBeCloseTo(41.225158, 3)
    expect(at(3.9, 0.2, 1.7)).toBeCloseTo(31.478466, 3)
    expect(at(0, 0, 0)).toBeCloseTo(0, 3)
    expect(at(2.5, 1.5, 1)).toBeCloseTo(48.025112, 3)
    expect(at(3.99, 2.99, 1.99)).toBeCloseTo(61.976417, 3)
  })

  it('only reorders where the target is the source in another axis order', () => {
    const stored = createGrid([5, 4, 3], [-1, 0, 0, 4, 0, 0, 2, 1, 0, -1.5, 0, 7, 0, 0, 0, 1])
    const volume = { grid: stored, voxelType: 'int16' as const, voxels }
    const result = resampleImage(volume, planCanonical(stored).canonical, IDENTITY_AFFINE)
    expect([...result.map(Math.round)]).toEqual([...toCanonical(volume).volume.voxels])
  })

  it('is 0 beyond half a voxel outside and never beyond the range of the source', () => {
    expect(at(-0.6, 0, 0)).toBe(0)
    const edge = Int16Array.from({ length: 60 }, (_, i) => (i % 5 < 2 ? 100 : 900))
    const fine = createAxisAlignedGrid([41, 1, 1], [0.1, 1, 1], [0, 1, 1])
    const result = resampleImage({ grid, voxels: edge }, fine, IDENTITY_AFFINE)
    expect(Math.min(...result)).toBeGreaterThanOrEqual(100)
    expect(Math.max(...result)).toBeLessThanOrEqual(900)
  })

  it('misses nothing on a coarser grid: alternating slices become their mean', () => {
    const tall = createAxisAlignedGrid([1, 1, 40], [1, 1, 1])
    const stripes = Int16Array.from({ length: 40 }, (_, k) => (k % 2 === 0 ? 0 : 1000))
    const coarse = createAxisAlignedGrid([1, 1, 6], [1, 1, 5], [0, 0, 5])
    const result = resampleImage({ grid: tall, voxels: stripes }, coarse, IDENTITY_AFFINE)
    for (const value of result) expect(Math.abs(value - 500)).toBeLessThan(25)
  })

  it('keeps a single slice', () => {
    const slice = createAxisAlignedGrid([3, 2, 1], [1, 1, 5])
    const values = Int16Array.of(1, 2, 3, 4, 5, 6)
    const result = resampleImage({ grid: slice, voxels: values }, slice, IDENTITY_AFFINE)
    expect([...result.map(Math.round)]).toEqual([1, 2, 3, 4, 5, 6])
  })
})
