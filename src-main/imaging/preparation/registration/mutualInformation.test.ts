import { describe, expect, it } from 'vitest'
import { createAxisAlignedGrid, IDENTITY_AFFINE } from '../../geometry/index.ts'
import { createMutualInformation, type Similarity } from './mutualInformation.ts'
import { toBins } from './samplePoints.ts'

const grid = createAxisAlignedGrid([20, 20, 20], [1, 1, 1])
const values = Float32Array.from({ length: 8000 }, (_, i) => (i * 7919) % 16)

function similarity(other: Float32Array, move = 0): Similarity {
  const positions = Float64Array.from({ length: 24_000 }, (_, n) => {
    const i = Math.floor(n / 3)
    return [i % 20, Math.floor(i / 20) % 20, Math.floor(i / 400)][n % 3]
  })
  const points = { count: 8000, positions, bins: toBins(values, 16) }
  const shifted = IDENTITY_AFFINE.map((value, n) => (n === 3 ? move : value))
  return createMutualInformation(points, { grid, voxels: toBins(other, 16) }, 16)(shifted)
}

describe('normalised mutual information', () => {
  it('is higher for a function of the image than for the image moved, and near 1 for noise', () => {
    const inverted = values.map((value) => (15 - value) ** 2)
    const noise = Float32Array.from(
      { length: 8000 },
      (_, i) => (Math.imul(i, 2654435761) >>> 20) % 16,
    )
    expect(similarity(inverted).normalised).toBeGreaterThan(1.3)
    expect(similarity(noise).normalised).toBeLessThan(1.05)
    expect(similarity(inverted, 0.5).normalised).toBeLessThan(similarity(inverted).normalised)
  })

  it('tells the share of points inside', () => {
    expect(similarity(values).overlap).toBe(1)
    expect(similarity(values, 10).overlap).toBeCloseTo(0.5, 10)
    expect(similarity(values, 100)).toEqual({ normalised: 1, overlap: 0 })
  })

  it('is 1 against a constant image', () => {
    expect(similarity(new Float32Array(8000).fill(3)).normalised).toBeCloseTo(1, 6)
  })
})
