import { describe, expect, it } from 'vitest'
import { calibrationSample, type CalibrationSample } from './calibrationSample.ts'
import { fitTemperature } from './fitTemperature.ts'
import { reliability } from './reliability.ts'

/** The sample of bench/reference/calibration_golden.py. */
function goldenSample(): CalibrationSample {
  const [count, classes] = [400, 4]
  const logits = Float32Array.from(
    { length: count * classes },
    (_, i) => 6 * Math.sin(1 + 12.9898 * i),
  )
  const labels = Uint8Array.from({ length: count }, (_, n) => {
    const own = [...logits.subarray(n * classes, (n + 1) * classes)]
    return n % 3 === 0 ? n % classes : own.indexOf(Math.max(...own))
  })
  return { logits, labels }
}

describe('calibration', () => {
  it('finds the temperature, likelihood and calibration error that scipy and numpy give', () => {
    const fitted = fitTemperature([goldenSample()])
    expect(fitted.temperature).toBeCloseTo(1.7964, 2)
    expect(fitted.before.nll).toBeCloseTo(1.1277533981, 6)
    expect(fitted.after.nll).toBeCloseTo(1.0136978232, 6)
    expect(fitted.before.ece).toBeCloseTo(0.156594965, 6)
    expect(reliability([goldenSample()], 1.7964087532473838).ece).toBeCloseTo(0.180626768, 6)
  })

  it('has bins whose shares sum to 1', () => {
    const { bins } = reliability([goldenSample(), goldenSample()], 2)
    expect(bins.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
  })

  it('changes nothing without voxels', () => {
    expect(fitTemperature([])).toEqual({
      temperature: 1,
      voxels: 0,
      before: { nll: 0, ece: 0, bins: [] },
      after: { nll: 0, ece: 0, bins: [] },
    })
  })
})

describe('the voxels that a temperature is fitted on', () => {
  const DIMS = [12, 10, 9] as const
  const volumes = [0, 1, 2, 3].map((c) =>
    Float32Array.from({ length: 12 * 10 * 9 }, (_, i) => 10 * i + c),
  )

  it('are the box around label and answer, three voxels wider, inside of the grid', () => {
    const [reference, predicted] = [new Uint8Array(12 * 10 * 9), new Uint8Array(12 * 10 * 9)]
    reference[5 + 12 * (4 + 10 * 1)] = 3
    predicted[6 + 12 * (4 + 10 * 1)] = 1
    const { logits, labels } = calibrationSample(volumes, reference, predicted, DIMS)
    // x 2–9, y 1–7, z 0–4.
    expect(labels).toHaveLength(8 * 7 * 5)
    const first = 2 + 12 * 1
    expect([...logits.subarray(0, 4)]).toEqual([0, 1, 2, 3].map((c) => 10 * first + c))
    expect([...labels].filter((label) => label > 0)).toEqual([3])
  })

  it('are none where nothing is tumour', () => {
    const nothing = new Uint8Array(12 * 10 * 9)
    expect(calibrationSample(volumes, nothing, nothing, DIMS).labels).toHaveLength(0)
  })
})
