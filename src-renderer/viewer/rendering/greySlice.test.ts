import { expect, it } from 'vitest'
import { createAxisAlignedGrid } from '../../../src-main/imaging/geometry/index.ts'
import { viewPlaneOf } from '../geometry/viewPlane.ts'
import { greySlice } from './greySlice.ts'

it('windows a slice of any plane, limits it, and draws not-a-number black', () => {
  const grid = createAxisAlignedGrid([2, 3, 4], [1, 1, 1])
  const voxels = Float32Array.from({ length: 24 }, (_, index) => index)
  voxels[7] = Number.NaN
  const axial = greySlice(voxels, grid, viewPlaneOf(grid, 'axial'), 1, { low: 6, high: 10 })
  expect(axial).toEqual({
    width: 2,
    height: 3,
    grey: new Uint8ClampedArray([0, 0, 128, 191, 255, 255]),
  })
  const sagittal = greySlice(voxels, grid, viewPlaneOf(grid, 'sagittal'), 1, { low: 0, high: 255 })
  expect([...sagittal.grey]).toEqual([1, 3, 5, 0, 9, 11, 13, 15, 17, 19, 21, 23])
  expect([sagittal.width, sagittal.height]).toEqual([3, 4])
})
