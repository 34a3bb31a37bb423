import { describe, expect, it } from 'vitest'
import { resample, resampleLabels, workingDims } from './resample.ts'

describe('resampling', () => {
  it('keeps a linear ramp linear, away from the border', () => {
    const ramp = Float32Array.from({ length: 12 }, (_, i) => i)
    const finer = resample(ramp, [12, 1, 1], [24, 1, 1])
    // Target centre t lies at (t + ½)/2 − ½ of the source.
    for (let t = 1; t < 23; t++) expect(finer[t]).toBeCloseTo((t + 0.5) / 2 - 0.5, 5)
    const coarser = resample(ramp, [12, 1, 1], [4, 1, 1])
    expect(coarser[1]).toBeCloseTo(4, 5)
    expect(coarser[2]).toBeCloseTo(7, 5)
  })

  it('keeps a constant constant on every axis, up and down', () => {
    const flat = new Float32Array(5 * 7 * 9).fill(3)
    for (const target of [
      [9, 3, 4],
      [2, 14, 9],
      [1, 1, 1],
    ] as const) {
      const result = resample(flat, [5, 7, 9], target)
      expect(result.length).toBe(target[0] * target[1] * target[2])
      result.forEach((x) => expect(x).toBeCloseTo(3, 5))
    }
  })

  it('misses nothing when shrinking: the mean is kept', () => {
    const spikes = Float32Array.from({ length: 60 }, (_, i) => (i % 7 === 0 ? 10 : 0))
    const shrunk = resample(spikes, [60, 1, 1], [12, 1, 1])
    const mean = (x: Float32Array): number => x.reduce((a, b) => a + b, 0) / x.length
    expect(Math.abs(mean(shrunk) - mean(spikes))).toBeLessThan(0.15)
  })

  it('copies where the grid stays', () => {
    const values = Float32Array.of(1, 2, 3)
    const copy = resample(values, [3, 1, 1], [3, 1, 1])
    expect(copy).toEqual(values)
    expect(copy).not.toBe(values)
  })

  it('shrinks labels by majority', () => {
    const labels = Uint8Array.of(0, 0, 0, 2, 2, 2, 2, 2, 2, 3, 3, 3)
    expect([...resampleLabels(labels, [12, 1, 1], [4, 1, 1], 4)]).toEqual([0, 2, 2, 3])
  })

  it('works on the case’s own grid where it is within a tenth, else on the asked voxel size', () => {
    expect(workingDims([64, 64, 56], [2.77, 2.77, 2.77], 2.75)).toEqual([64, 64, 56])
    expect(workingDims([240, 240, 155], [1, 1, 1], 2.5)).toEqual([96, 96, 62])
    expect(workingDims([240, 240, 155], [1, 1, 1], undefined)).toEqual([240, 240, 155])
    expect(workingDims([2, 2, 1], [1, 1, 1], 5)).toEqual([1, 1, 1])
  })
})
