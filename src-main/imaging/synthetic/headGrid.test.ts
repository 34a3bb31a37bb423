import { describe, expect, it } from 'vitest'
import { createHeadBox } from './headBox.ts'
import { createHeadGrid } from './headGrid.ts'

describe('createHeadGrid', () => {
  it('gives the grid of BraTS at 240×240×155', () => {
    expect(createHeadGrid([240, 240, 155]).grid).toEqual({
      dims: [240, 240, 155],
      spacingMm: [1, 1, 1],
      indexToWorld: [-1, 0, 0, 0, 0, -1, 0, 239, 0, 0, 1, 0, 0, 0, 0, 1],
    })
  })

  it('widens the voxels until the head fits a small grid', () => {
    expect(createHeadGrid([64, 64, 56]).spacingMm).toBeCloseTo(2.768, 3)
    expect(createHeadGrid([24, 64, 64]).spacingMm).toBeCloseTo(150 / 24, 3)
  })

  it('keeps the head’s box inside the grid', () => {
    for (const dims of [
      [16, 16, 16],
      [64, 64, 56],
      [200, 40, 90],
      [240, 240, 155],
    ] as const) {
      const head = createHeadGrid(dims)
      const box = createHeadBox(head)
      for (let axis = 0; axis < 3; axis++) {
        expect(box.low[axis]).toBeGreaterThanOrEqual(0)
        expect(box.low[axis] + box.size[axis]).toBeLessThanOrEqual(dims[axis])
        expect(box.size[axis] * head.spacingMm).toBeGreaterThan([120, 150, 125][axis])
      }
    }
  })

  it('refuses grids too small for a ventricle and fractions of a voxel', () => {
    expect(() => createHeadGrid([15, 64, 64])).toThrow(RangeError)
    expect(() => createHeadGrid([64.5, 64, 64])).toThrow(RangeError)
  })
})
