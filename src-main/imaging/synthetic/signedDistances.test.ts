import { describe, expect, it } from 'vitest'
import {
  coverage,
  ellipsoidDistance,
  sheetCoverage,
  smoothMin,
  tubeDistance,
} from './signedDistances.ts'

describe('signed distances', () => {
  it('are exact for a sphere, inside and outside', () => {
    expect(ellipsoidDistance(3, 4, 0, 2, 2, 2)).toBeCloseTo(3, 10)
    expect(ellipsoidDistance(0, 0.5, 0, 2, 2, 2)).toBeCloseTo(-1.5, 10)
  })

  it('are finite at the centre of an ellipsoid', () => {
    expect(ellipsoidDistance(0, 0, 0, 5, 3, 4)).toBe(-3)
  })

  it('follow a tube with the radius interpolated along it', () => {
    const nodes = [
      [0, 0, 0, 1],
      [10, 0, 0, 3],
    ] as const
    expect(tubeDistance(5, 6, 0, nodes, 1, 1)).toBeCloseTo(4, 10)
    expect(tubeDistance(-2, 0, 0, nodes, 1, 1)).toBeCloseTo(1, 10)
  })

  it('round the seam of a union without moving what is far from it', () => {
    expect(smoothMin(1, 9, 4)).toBe(1)
    expect(smoothMin(2, 2, 4)).toBeCloseTo(1, 10)
  })

  it('give the share of a voxel that a thin sheet fills', () => {
    expect(sheetCoverage(0, 0.5, 4)).toBeCloseTo(0.25, 10)
    expect(sheetCoverage(10, 0.5, 4)).toBe(0)
    expect(coverage(0, 2)).toBe(0.5)
    expect(coverage(-5, 2)).toBe(1)
  })
})
