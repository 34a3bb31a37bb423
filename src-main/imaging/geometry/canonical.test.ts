import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createVolume } from '../volume/index.ts'
import { fromCanonical, planCanonical, toCanonical } from './canonical.ts'
import { createGrid, flatIndex, indexToWorld, voxelAt, worldToIndex } from './grid.ts'
import { orientationCode } from './orientation.ts'

const permutations = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
]
/** All 48 axis orders and directions on a grid of 2 × 3 × 4 voxels, slightly rotated. */
const allOrientations = permutations.flatMap((order) =>
  Array.from({ length: 8 }, (_, flips) => {
    const affine = new Array<number>(16).fill(0)
    affine[15] = 1
    order.forEach((world, axis) => {
      affine[4 * world + axis] = ((flips >> axis) & 1 ? -1 : 1) * (1 + axis / 2)
      affine[4 * ((world + 1) % 3) + axis] = 0.05
    })
    affine[3] = 7
    affine[7] = -9
    affine[11] = 4
    return createGrid([2, 3, 4], affine)
  }),
)

describe('toCanonical', () => {
  const voxels = Int16Array.from({ length: 24 }, (_, index) => 100 + index)

  it.each(allOrientations.map((grid) => [orientationCode(grid.indexToWorld), grid] as const))(
    'keeps every voxel of a %s grid where it lies in the world',
    (_, grid) => {
      const { volume } = toCanonical(createVolume(grid, voxels))
      expect(orientationCode(volume.grid.indexToWorld)).toBe('RAS')
      for (let flat = 0; flat < 24; flat++) {
        const world = indexToWorld(grid, voxelAt(grid.dims, flat))
        const index = worldToIndex(volume.grid, world).map(Math.round) as [number, number, number]
        expect(volume.voxels[flatIndex(volume.grid.dims, index)]).toBe(voxels[flat])
      }
    },
  )

  it('is undone by fromCanonical, for any voxel type', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...allOrientations),
        fc.float32Array({ minLength: 24, maxLength: 24, noNaN: true }),
        (grid, values) => {
          const { volume, plan } = toCanonical(createVolume(grid, values))
          expect(volume.voxelType).toBe('float32')
          expect(fromCanonical(volume.voxels, plan)).toEqual(values)
        },
      ),
    )
  })

  it('changes nothing where a volume is canonical already', () => {
    const { volume } = toCanonical(createVolume(allOrientations[0], voxels))
    const again = toCanonical(volume)
    expect(again.volume).toEqual(volume)
    expect(planCanonical(volume.grid).flipped).toEqual([false, false, false])
  })
})
