import { describe, expect, it } from 'vitest'
import {
  createGrid,
  flatIndex,
  orientationCode,
  worldToIndex,
  type Vector3,
} from '../../src-main/imaging/geometry/index.ts'
import { edgeLetters, PLANES, viewPlaneOf, type Plane } from '../viewer/index.ts'
import { drawCheckerboard, type ShownVolume } from './drawCheckerboard.ts'

/** A grid of about 6 × 8 × 4 world mm whose axes run in a given order and direction. */
function gridOf(order: readonly number[], signs: readonly number[]) {
  const extent = [6, 8, 4]
  const spacing = [1, 1, 2]
  const affine = new Array<number>(16).fill(0)
  affine[15] = 1
  order.forEach((world, axis) => {
    affine[4 * world + axis] = signs[axis] * spacing[world]
    if (signs[axis] < 0) affine[4 * world + 3] = (extent[world] - 1) * spacing[world]
  })
  return createGrid([extent[order[0]], extent[order[1]], extent[order[2]]], affine)
}
const GRIDS = [
  gridOf([0, 1, 2], [1, 1, 1]),
  gridOf([0, 1, 2], [-1, -1, 1]),
  gridOf([1, 2, 0], [-1, 1, -1]),
  gridOf([2, 0, 1], [-1, 1, 1]),
]
/** Left, right, top and bottom: the most right, anterior and superior voxel comes first on every screen. */
const LETTERS: Record<Plane, string> = { axial: 'RLAP', coronal: 'RLSI', sagittal: 'APSI' }

function shown(
  grid: (typeof GRIDS)[number],
  fill: (flat: number) => number,
  p999 = 255,
): ShownVolume {
  const voxels = Int16Array.from({ length: 192 }, (_, flat) => fill(flat))
  const intensity = { min: 0, max: 255, p001: 0, p999 }
  const ref = {
    sha256: '0'.repeat(64),
    byteLength: 384,
    voxelType: 'int16',
    grid,
    intensity,
  } as const
  return { ref, voxels }
}

describe('the checkerboard', () => {
  it.each(GRIDS.map((grid) => [orientationCode(grid.indexToWorld), grid] as const))(
    'puts the patient’s sides where the letters say, stored as %s',
    (_, grid) => {
      const corner: Vector3 = [5, 7, 6]
      const index = worldToIndex(grid, corner).map(Math.round) as [number, number, number]
      const flat = flatIndex(grid.dims, index)
      const volume = shown(grid, (n) => (n === flat ? 200 : 10))
      for (const plane of PLANES) {
        const view = viewPlaneOf(grid, plane)
        const board = drawCheckerboard(volume, volume, view, index[view.through.axis], 3)
        const { left, right, top, bottom } = edgeLetters(view)
        expect(left + right + top + bottom).toBe(LETTERS[plane])
        expect(board.data[0]).toBe(200)
        expect([...board.data].filter((value) => value === 200)).toHaveLength(3)
      }
    },
  )

  it('takes turns in tiles of equal millimetres', () => {
    const [grid] = GRIDS
    const view = viewPlaneOf(grid, 'sagittal')
    const board = drawCheckerboard(
      shown(grid, () => 10),
      shown(grid, () => 90),
      view,
      2,
      4,
    )
    // 8 mm from front to back, 4 slices of 2 mm.
    expect([board.width, board.height, board.aspect]).toEqual([8, 4, 1])
    const red = [...board.data].filter((_, n) => n % 4 === 0)
    const [a, b] = [
      [10, 10, 10, 10, 90, 90, 90, 90],
      [90, 90, 90, 90, 10, 10, 10, 10],
    ]
    expect(red).toEqual([...a, ...a, ...b, ...b])
  })

  it('is black where an image has no range', () => {
    const [grid] = GRIDS
    const none = shown(grid, () => 7, 0)
    const board = drawCheckerboard(none, none, viewPlaneOf(grid, 'axial'), 0, 3)
    expect([...board.data].every((value, n) => value === (n % 4 === 3 ? 255 : 0))).toBe(true)
  })
})
