import { describe, expect, it } from 'vitest'
import { createAxisAlignedGrid, createGrid } from './grid.ts'
import { explainGridDifference, sameGrid } from './gridDifference.ts'

const base = createAxisAlignedGrid([240, 240, 155], [1, 1, 1], [-120, -120, -70])

describe('explainGridDifference', () => {
  it('is null for the same grid, also within a thousandth of a millimetre', () => {
    const nearly = createAxisAlignedGrid([240, 240, 155], [1, 1, 1], [-120.0009, -120, -70])
    expect(explainGridDifference(base, base)).toBeNull()
    expect(sameGrid(base, nearly)).toBe(true)
  })

  it('names sizes that differ', () => {
    const other = createAxisAlignedGrid([256, 256, 24], [1, 1, 1])
    expect(explainGridDifference(base, other, ['FLAIR', 'T1'])).toBe(
      'FLAIR and T1 do not lie on the same grid: size in voxels 240 × 240 × 155 against 256 × 256 × 24.',
    )
  })

  it('names axis orders that differ', () => {
    const other = createGrid(base.dims, [-1, 0, 0, 119, 0, -1, 0, 119, 0, 0, 1, -70, 0, 0, 0, 1])
    expect(explainGridDifference(base, other)).toBe(
      'The first image and the second image do not lie on the same grid: the axes are stored as RAS against LPS.',
    )
  })

  it('names voxel sizes that differ, even where only the far corner shows it', () => {
    const other = createAxisAlignedGrid([240, 240, 155], [1, 1, 1.00002], [-120, -120, -70])
    expect(explainGridDifference(base, other)).toContain(
      'voxel size 1 × 1 × 1 mm against 1 × 1 × 1.00002 mm',
    )
    expect(sameGrid(base, other)).toBe(false)
  })

  it('says how far apart shifted grids are', () => {
    const other = createAxisAlignedGrid([240, 240, 155], [1, 1, 1], [-117, -124, -70])
    expect(explainGridDifference(base, other, ['FLAIR', 'the label'])).toBe(
      'FLAIR and the label have the same size and spacing, but lie in different places: the same voxel is up to 5 mm apart.',
    )
  })

  it('does not call a matrix that is not a number the same', () => {
    const other = createGrid(base.dims, [
      ...base.indexToWorld.slice(0, 3),
      NaN,
      ...base.indexToWorld.slice(4),
    ])
    expect(sameGrid(base, other)).toBe(false)
  })
})
