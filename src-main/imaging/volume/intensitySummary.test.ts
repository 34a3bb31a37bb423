import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasSharedData, NEEDS_SHARED_DATA, readSharedData } from '../testing/sharedData.ts'
import { readNifti } from '../nifti/index.ts'
import { summariseIntensity } from './intensitySummary.ts'

/** numpy.percentile, written plainly. */
function plainPercentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const rank = ((sorted.length - 1) * percent) / 100
  const below = Math.floor(rank)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (rank - below) * (sorted[above] - sorted[below])
}

describe('summariseIntensity', () => {
  it('takes no zeros into the percentiles but into the range', () => {
    const voxels = Int16Array.from({ length: 2001 }, (_, i) => (i <= 1000 ? 0 : i - 1000))
    const summary = summariseIntensity(voxels)
    expect(summary.min).toBe(0)
    expect(summary.max).toBe(1000)
    // numpy.percentile(arange(1, 1001), [0.1, 99.9])
    expect(summary.p001).toBeCloseTo(1.999, 9)
    expect(summary.p999).toBeCloseTo(999.001, 9)
  })

  it.each([new Uint8Array(5), new Int16Array(5), new Uint16Array(5), new Float32Array(5)])(
    'is all zero for an image of zeros',
    (voxels) => {
      expect(summariseIntensity(voxels)).toEqual({ min: 0, max: 0, p001: 0, p999: 0 })
    },
  )

  it.each([new Uint8Array(0), new Float32Array(0), Float32Array.of(NaN, Infinity)])(
    'is all zero where there is nothing to measure',
    (voxels) => {
      expect(summariseIntensity(voxels)).toEqual({ min: 0, max: 0, p001: 0, p999: 0 })
    },
  )

  it('keeps one voxel as every figure', () => {
    expect(summariseIntensity(Int16Array.of(-7))).toEqual({ min: -7, max: -7, p001: -7, p999: -7 })
  })

  it('passes over values that are not finite', () => {
    expect(summariseIntensity(Float32Array.of(NaN, -2.5, Infinity, -0))).toEqual({
      min: -2.5,
      max: expect.closeTo(0, 12),
      p001: -2.5,
      p999: -2.5,
    })
  })

  it('equals a plain sort for any numbers', () => {
    const floats = fc.float32Array({
      noNaN: true,
      noDefaultInfinity: true,
      minLength: 1,
      maxLength: 300,
    })
    const integers = fc.int16Array({ minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(fc.oneof(floats, integers, fc.uint8Array({ minLength: 1 })), (voxels) => {
        const values = [...voxels]
        const nonZero = values.filter((value) => value !== 0)
        const summary = summariseIntensity(voxels)
        expect(summary.min).toBe(Math.min(...values))
        expect(summary.max).toBe(Math.max(...values))
        expect(summary.p001).toBe(nonZero.length === 0 ? 0 : plainPercentile(nonZero, 0.1))
        expect(summary.p999).toBe(nonZero.length === 0 ? 0 : plainPercentile(nonZero, 99.9))
      }),
    )
  })

  it.skipIf(!hasSharedData)(
    `agrees with numpy on the glioma case, as integers and as floats${NEEDS_SHARED_DATA}`,
    async () => {
      const path = 'Brats18_TCIA03_265_1/Brats18_TCIA03_265_1_t2.nii.gz'
      const { volume } = await readNifti(readSharedData(path), path)
      const expected = { min: 0, max: 800, p001: 25, p999: 708 }
      expect(summariseIntensity(volume.voxels)).toEqual(expected)
      expect(summariseIntensity(Float32Array.from(volume.voxels))).toEqual(expected)
    },
  )
})
