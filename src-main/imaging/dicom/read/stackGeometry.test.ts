import { describe, expect, it } from 'vitest'
import { orientationCode, indexToWorld } from '../../geometry/index.ts'
import { AXIAL, mrSlice } from '../testing/mrSlices.ts'
import { framesOf } from '../testing/readFrames.ts'
import { stackGeometry, type SliceStack } from './stackGeometry.ts'

type Point = readonly [number, number, number]

const geometryOf = async (positions: readonly Point[], orientation: readonly number[] = AXIAL) =>
  stackGeometry(
    await framesOf(
      positions.map((positionMm, index) =>
        mrSlice({ positionMm, orientation, instanceNumber: index + 1 }),
      ),
    ),
  )

const volumeOf = (stack: Awaited<ReturnType<typeof geometryOf>>): SliceStack => {
  if ('problem' in stack) throw new Error(stack.problem)
  return stack
}

const problemOf = (stack: Awaited<ReturnType<typeof geometryOf>>): string => {
  if (!('problem' in stack)) throw new Error('The stack was taken')
  expect(stack.remedy).not.toBe('')
  return stack.problem
}

const axial = (...z: number[]): Point[] => z.map((value): Point => [-10, -20, value])

describe('the geometry of a stack', () => {
  it('is sorted by place, whatever the order and the numbers of the files', async () => {
    const { slices, grid, warnings } = volumeOf(await geometryOf(axial(15, 5, 20, 10)))
    expect(slices.map(({ positionMm }) => positionMm[2])).toEqual([5, 10, 15, 20])
    expect(grid.dims).toEqual([6, 4, 4])
    // Pixel Spacing is rows first: 0.9 between rows, 0.8 between columns.
    expect(grid.spacingMm).toEqual([0.8, 0.9, 5])
    expect(grid.indexToWorld).toEqual([-0.8, 0, 0, 10, 0, -0.9, 0, 20, 0, 0, 5, 5, 0, 0, 0, 1])
    expect(warnings).toEqual([])
  })

  it.each([
    ['sagittal', [0, 1, 0, 0, 0, -1], [1, 0, 0], 'PIR'],
    ['coronal', [1, 0, 0, 0, 0, -1], [0, 1, 0], 'LIP'],
    ['feet first', [-1, 0, 0, 0, 1, 0], [0, 0, -1], 'RPI'],
  ] as const)('has a right-handed LPS frame: %s', async (_, orientation, step, code) => {
    const positions = [0, 1, 2, 3].map((n): Point => [
      3 * n * step[0],
      3 * n * step[1],
      3 * n * step[2],
    ])
    const { grid } = volumeOf(await geometryOf(positions, orientation))
    expect(orientationCode(grid.indexToWorld)).toBe(code)
  })

  it('puts every pixel of an oblique stack where its header puts it', async () => {
    const row = rotate([1, 0, 0])
    const column = rotate([0, 1, 0])
    const normal = rotate([0, 0, 1])
    const positions = [0, 1, 2, 3, 4].map((n): Point => [
      40 + 6.5 * n * normal[0],
      -30 + 6.5 * n * normal[1],
      12 + 6.5 * n * normal[2],
    ])
    const { grid } = volumeOf(await geometryOf(positions, [...row, ...column]))
    // PS3.3 C.7.6.2.1.1: P = S + column·Δj·X + row·Δi·Y, in LPS.
    const [i, j, k] = [5, 3, 4]
    const lps = [0, 1, 2].map(
      (axis) => positions[k][axis] + i * 0.8 * row[axis] + j * 0.9 * column[axis],
    )
    const ras = indexToWorld(grid, [i, j, k])
    expect(ras[0]).toBeCloseTo(-lps[0], 9)
    expect(ras[1]).toBeCloseTo(-lps[1], 9)
    expect(ras[2]).toBeCloseTo(lps[2], 9)
  })

  it('keeps the shear of a tilted gantry and says so', async () => {
    const { grid, warnings } = volumeOf(
      await geometryOf([0, 1, 2, 3].map((n): Point => [0, 1.4 * n, 5 * n])),
    )
    ;[0, -1.4, 5].forEach((value, row) =>
      expect(grid.indexToWorld[4 * row + 2]).toBeCloseTo(value, 12),
    )
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('sheared by 15.64°')
  })

  it('takes positions that were rounded as even and says by how much', async () => {
    const { warnings } = volumeOf(await geometryOf(axial(0, 6.9, 14, 20.9, 28)))
    expect(warnings[0]).toContain('0.1 mm off an even spacing of 7 mm')
  })

  it.each([
    [
      'one missing slice',
      axial(0, 5, 10, 20, 25),
      /^a slice is missing between 10 and 20 mm .* 5 mm apart$/,
    ],
    [
      'two gaps',
      axial(0, 5, 15, 20, 25, 45),
      /^4 slices are missing between 5 and 15 mm, between 25 and 45/,
    ],
    ['two slices at one place', axial(0, 5, 5, 10), /^two different slices lie at one place, 5 mm/],
    ['growing distances', axial(0, 5, 10.8, 17, 24), /unevenly spaced, 5 to 7 mm apart/],
    ['all at one place', axial(5, 5, 5), /most slices lie at one and the same place/],
    ['a single slice', axial(5), /^a single slice makes no volume/],
    ['two slices', axial(5, 10), /^2 slices make no volume/],
  ])('refuses %s', async (_, positions, message) => {
    expect(problemOf(await geometryOf(positions))).toMatch(message)
  })

  it('refuses directions that are no rotation', async () => {
    expect(problemOf(await geometryOf(axial(0, 5, 10), [1, 0, 0, 1, 0, 0]))).toContain(
      'perpendicular',
    )
    expect(problemOf(await geometryOf(axial(0, 5, 10), [0, 0, 0, 0, 0, 0]))).toContain('0\\0\\0')
  })
})

/** Turned by 20° about x, then by 30° about z. */
function rotate([x, y, z]: readonly number[]): number[] {
  const [s, c] = [Math.sin(Math.PI / 9), Math.cos(Math.PI / 9)]
  const [u, v] = [Math.sin(Math.PI / 6), Math.cos(Math.PI / 6)]
  const [y1, z1] = [c * y - s * z, s * y + c * z]
  return [v * x - u * y1, u * x + v * y1, z1]
}
