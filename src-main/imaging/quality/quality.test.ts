import { describe, expect, it } from 'vitest'
import { createAxisAlignedGrid } from '../geometry/index.ts'
import { generateSyntheticCase } from '../synthetic/index.ts'
import type { Volume } from '../volume/index.ts'
import { coarsen, measureIntensities, mirrorFit, robustScores } from './index.ts'

describe('intensities', () => {
  it('are those of the brain where the background is zero', () => {
    // numpy.percentile([1 … 9], [25, 50, 75]) = 3, 5, 7
    const voxels = Float32Array.from({ length: 18 }, (_, i) => (i % 2 === 0 ? 0 : (i + 1) / 2))
    expect(measureIntensities(voxels)).toEqual({ q25: 3, median: 5, q75: 7, zeroShare: 0.5 })
  })

  it('are those above the mean where the air is noisy, and keep negative values of stripped images', () => {
    expect(measureIntensities(Int16Array.of(1, 2, 1, 2, 100, 110, 120)).median).toBe(110)
    expect(measureIntensities(Float32Array.of(0, 0, -2, -1, 1)).median).toBe(-1)
  })

  it('of nothing, of zeros and of a constant have no spread', () => {
    const nothing = { q25: 0, median: 0, q75: 0 }
    expect(measureIntensities(new Int16Array(0))).toEqual({ ...nothing, zeroShare: 0 })
    expect(measureIntensities(new Int16Array(4))).toEqual({ ...nothing, zeroShare: 1 })
    expect(measureIntensities(new Uint8Array(4).fill(7))).toMatchObject({ q25: 7, q75: 7 })
  })
})

describe('robust scores', () => {
  const RATIO = { scale: 'ratio', spread: 0.15 } as const
  it('on the plain scale count a spread of at least what is said', () => {
    const { scores } = robustScores([0.8, 0.8, 0.8, 0.5], { scale: 'plain', spread: 0.03 })
    expect(scores[3]).toBeCloseTo(-10, 9)
  })

  it('are (x − median) / (1.4826 · MAD), with zero and negative values on the plain scale', () => {
    const { typical, scores } = robustScores([-1, 0, 1, 2, 3, 20], RATIO)
    // numpy: median 1.5, MAD 1.5
    expect(typical).toBe(1.5)
    expect(scores[5]).toBeCloseTo(18.5 / (1.4826 * 1.5), 12)
  })

  it('compare positive values by ratio, and see no outlier in rounding', () => {
    const { typical, scores } = robustScores([100, 100, 100, 100, 101, 400], RATIO)
    expect(typical).toBeCloseTo(100, 9)
    expect(scores[4]).toBeLessThan(0.5)
    expect(scores[5]).toBeCloseTo(Math.log(4) / 0.15, 6)
  })

  it('are 0 for nothing and for two', () => {
    expect(robustScores([], RATIO).scores).toEqual([])
    expect(robustScores([1, 100], RATIO).scores).toEqual([0, 0])
  })
})

/** Turns the voxels over along an axis and leaves the header as it is. */
function turnedOver({ grid, voxels, voxelType }: Volume, axis: number): Volume {
  const stride = [1, grid.dims[0], grid.dims[0] * grid.dims[1]][axis]
  const turned = voxels.slice()
  for (let n = 0; n < turned.length; n++) {
    const at = Math.floor(n / stride) % grid.dims[axis]
    turned[n] = voxels[n + (grid.dims[axis] - 1 - 2 * at) * stride]
  }
  return { grid, voxelType, voxels: turned }
}

describe('the fit of two sequences', () => {
  const { images, grid } = generateSyntheticCase({
    seed: 4,
    index: 0,
    dims: [40, 40, 32],
    kappa: 0.5,
  })
  const volume = (name: 'flair' | 't1'): Volume => ({
    grid,
    voxelType: 'int16',
    voxels: images[name],
  })

  it('is better straight, and better mirrored where one of them was mirrored', () => {
    const flair = coarsen(volume('flair'))
    const right = mirrorFit(flair, coarsen(volume('t1')))
    expect((right?.straight ?? 0) - 1).toBeGreaterThan(2 * ((right?.mirrored ?? 0) - 1))
    const wrong = mirrorFit(flair, coarsen(turnedOver(volume('t1'), 0)))
    expect((wrong?.mirrored ?? 0) - 1).toBeGreaterThan(2 * ((wrong?.straight ?? 0) - 1))
  })

  it('is not told for other grids or where nothing is shown', () => {
    const empty = createAxisAlignedGrid([40, 40, 32], grid.spacingMm, [0, 0, 0])
    const nothing: Volume = {
      grid: empty,
      voxelType: 'int16',
      voxels: new Int16Array(40 * 40 * 32),
    }
    expect(mirrorFit(coarsen(volume('flair')), coarsen(nothing))).toBeNull()
    const small = createAxisAlignedGrid([4, 4, 4], [9, 9, 9], [0, 0, 0])
    const other: Volume = { grid: small, voxelType: 'int16', voxels: new Int16Array(64).fill(1) }
    expect(mirrorFit(coarsen(volume('flair')), coarsen(other))).toBeNull()
  })
})
