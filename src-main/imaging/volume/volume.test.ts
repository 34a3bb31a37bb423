import { expect, it } from 'vitest'
import { createAxisAlignedGrid } from '../geometry/index.ts'
import { createVolume, createVoxels, voxelTypeOf } from './volume.ts'

it.each(['uint8', 'int16', 'uint16', 'float32'] as const)(
  'makes %s arrays it recognises',
  (type) => {
    const voxels = createVoxels(type, 3)
    expect(voxels.length).toBe(3)
    expect(voxelTypeOf(voxels)).toBe(type)
  },
)

it('refuses an array that does not fill the grid', () => {
  const grid = createAxisAlignedGrid([2, 3, 4], [1, 1, 1])
  expect(createVolume(grid, new Uint16Array(24)).voxelType).toBe('uint16')
  expect(() => createVolume(grid, new Uint16Array(23))).toThrow('2×3×4 needs 24 voxels, got 23')
})
