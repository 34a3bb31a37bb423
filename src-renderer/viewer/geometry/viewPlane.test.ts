import { describe, expect, it } from 'vitest'
import { createGrid, indexToWorld } from '../../../src-main/imaging/geometry/index.ts'
import {
  canvasToIndex,
  fitMmPerPixel,
  indexToCanvas,
  projectionOf,
  rasterTransform,
  wholeGrid,
} from './canvasProjection.ts'
import { contentBox } from './contentBox.ts'
import { edgeLetters } from './edgeLetters.ts'
import { lesionCentre } from './lesionCentre.ts'
import { linkedVoxel } from './linkedVoxel.ts'
import { PLANES, viewPlaneOf, type Plane } from './viewPlane.ts'

const affine = (rows: number[][]): number[] => [...rows.flat(), 0, 0, 0, 1]
const ras = createGrid(
  [4, 5, 6],
  affine([
    [1, 0, 0, 0],
    [0, 2, 0, 0],
    [0, 0, 3, 0],
  ]),
)
const lps = createGrid(
  [4, 5, 6],
  affine([
    [-1, 0, 0, 9],
    [0, -1, 0, 9],
    [0, 0, 1, 0],
  ]),
)
// Stored with i along A, j along I, k along L, left-handed or not: any order must look the same.
const ail = createGrid(
  [5, 6, 4],
  affine([
    [0, 0, -1, 3],
    [1, 0, 0, 0],
    [0, -1, 0, 5],
  ]),
)
const angle = (20 * Math.PI) / 180
const oblique = createGrid(
  [8, 8, 8],
  affine([
    [Math.cos(angle), -Math.sin(angle), 0, 0],
    [Math.sin(angle), Math.cos(angle), 0, 0],
    [0, 0, 1, 0],
  ]),
)
const LETTERS: Record<Plane, { left: string; right: string; top: string; bottom: string }> = {
  axial: { left: 'R', right: 'L', top: 'A', bottom: 'P' },
  coronal: { left: 'R', right: 'L', top: 'S', bottom: 'I' },
  sagittal: { left: 'A', right: 'P', top: 'S', bottom: 'I' },
}

describe('edge letters', () => {
  it.each(Object.entries({ ras, lps, ail }))('are radiological for %s storage', (_, grid) => {
    for (const plane of PLANES) {
      expect(edgeLetters(viewPlaneOf(grid, plane))).toEqual(LETTERS[plane])
    }
  })

  it('name the second direction of an oblique axis', () => {
    // Turned 20° about S: the right edge looks left and somewhat posterior.
    expect(edgeLetters(viewPlaneOf(oblique, 'axial'))).toEqual({
      left: 'RA',
      right: 'LP',
      top: 'AL',
      bottom: 'PR',
    })
  })
})

describe('a projection', () => {
  const size = { width: 400, height: 300 }
  it.each(Object.entries({ ras, lps, ail, oblique }))(
    'leads from voxel to canvas and back on %s',
    (_, grid) => {
      for (const plane of PLANES) {
        const view = viewPlaneOf(grid, plane)
        const mmPerPixel = fitMmPerPixel(grid, view, size, wholeGrid(grid))
        const shown = projectionOf(grid, view, size, 2, wholeGrid(grid), mmPerPixel, [3, -2])
        const voxel: [number, number, number] = [1, 1, 1]
        voxel[view.through.axis] = 2
        const back = canvasToIndex(shown, ...indexToCanvas(shown, voxel))
        back.forEach((value, axis) => expect(value).toBeCloseTo(voxel[axis], 9))
      }
    },
  )

  it('puts the patient’s left on the right and pans with the hand', () => {
    for (const grid of [ras, lps, ail]) {
      const view = viewPlaneOf(grid, 'axial')
      const shown = projectionOf(grid, view, size, 2, wholeGrid(grid), 0.1, [0, 0])
      const panned = projectionOf(grid, view, size, 2, wholeGrid(grid), 0.1, [5, 1])
      const first: [number, number, number] = [1, 1, 1]
      const next: [number, number, number] = [1, 1, 1]
      next[view.right.axis] += 1
      const isMoreLeft = indexToWorld(grid, next)[0] < indexToWorld(grid, first)[0]
      expect(indexToCanvas(shown, next)[0] > indexToCanvas(shown, first)[0]).toBe(isMoreLeft)
      const [x, y] = indexToCanvas(shown, first)
      expect(indexToCanvas(panned, first)[0]).toBeCloseTo(x + 50, 9)
      expect(indexToCanvas(panned, first)[1]).toBeCloseTo(y + 10, 9)
    }
  })

  it('lays a raster pixel over exactly its voxel', () => {
    const view = viewPlaneOf(lps, 'axial')
    const shown = projectionOf(lps, view, size, 2, wholeGrid(lps), 0.1, [0, 0])
    const [a, b, c, d, e, f] = rasterTransform(shown)
    const voxel: [number, number, number] = [2, 2, 2]
    const centre = [a * 2.5 + c * 2.5 + e, b * 2.5 + d * 2.5 + f]
    const [x, y] = indexToCanvas(shown, voxel)
    expect(centre[0]).toBeCloseTo(x, 9)
    expect(centre[1]).toBeCloseTo(y, 9)
  })
})

describe('linked grids', () => {
  it('find the voxel at the same place of the patient', () => {
    const fine = createGrid(
      [8, 8, 8],
      affine([
        [0.5, 0, 0, 1],
        [0, 0.5, 0, 0],
        [0, 0, 1, 0],
      ]),
    )
    const coarse = createGrid(
      [4, 4, 8],
      affine([
        [-1, 0, 0, 4],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
      ]),
    )
    // (2, 4, 3) lies at R 2, A 2, S 3.
    expect(linkedVoxel(fine, coarse, [2, 4, 3])).toEqual([2, 2, 3])
    expect(linkedVoxel(coarse, fine, [0, 0, 0])).toEqual([6, 0, 0])
    expect(linkedVoxel(coarse, fine, [3, 3, 0])).toEqual([0, 6, 0])
    expect(linkedVoxel(fine, coarse, [0, 7, 0])).toBeNull()
  })
})

describe('where a reader lands', () => {
  it('is the box around the head', () => {
    const voxels = new Float32Array(4 * 5 * 6)
    voxels[1 + 4 * (2 + 5 * 3)] = 9
    voxels[2 + 4 * (3 + 5 * 4)] = 9
    expect(contentBox(voxels, ras, 0)).toEqual({ first: [1, 2, 3], last: [2, 3, 4] })
    expect(contentBox(new Float32Array(120), ras, 0)).toEqual(wholeGrid(ras))
  })

  it('is the slice with most label, at the centre of it', () => {
    const labels = new Uint8Array(4 * 5 * 6)
    labels[4 * 5 * 5] = 1
    for (const i of [1, 2, 3]) labels[i + 4 * (2 + 5 * 3)] = 2
    expect(lesionCentre(labels, ras, viewPlaneOf(ras, 'axial'))).toEqual([2, 2, 3])
    expect(lesionCentre(new Uint8Array(120), ras, viewPlaneOf(ras, 'axial'))).toBeNull()
  })
})
