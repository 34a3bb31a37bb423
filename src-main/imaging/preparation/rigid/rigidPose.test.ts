import { describe, expect, it } from 'vitest'
import { IDENTITY_AFFINE, invertAffine, multiplyAffines } from '../../geometry/index.ts'
import { rigidAffine, rigidMotion } from './rigidPose.ts'

describe('a rigid pose', () => {
  it('agrees with scipy’s rotation vector', () => {
    // bench/reference/preparation_golden.py
    const golden = [
      ...[0.877991783, -0.410227044, -0.246666175],
      ...[0.3516631, 0.902393426, -0.24903648],
      ...[0.324751434, 0.131908592, 0.936555727],
    ]
    const affine = rigidAffine({
      rotation: [0.2, -0.3, 0.4],
      translationMm: [0, 0, 0],
      centreMm: [0, 0, 0],
    })
    golden.forEach((value, n) =>
      expect(affine[4 * Math.floor(n / 3) + (n % 3)]).toBeCloseTo(value, 8),
    )
  })

  it('turns about its centre and shifts it', () => {
    const centreMm = [10, -20, 30] as const
    const pose = rigidAffine({ rotation: [0, 0, 0.5], translationMm: [3, 4, 0], centreMm })
    const motion = rigidMotion(pose, centreMm)
    expect(motion.shiftMm).toBeCloseTo(5, 10)
    expect(motion.rotationDegrees).toBeCloseTo((0.5 * 180) / Math.PI, 10)
  })

  it('tells tiny and half turns, and none', () => {
    const turn = (angle: number): number =>
      rigidMotion(
        rigidAffine({ rotation: [angle, 0, 0], translationMm: [0, 0, 0], centreMm: [0, 0, 0] }),
        [0, 0, 0],
      ).rotationDegrees
    expect(turn(1e-9)).toBeCloseTo((1e-9 * 180) / Math.PI, 15)
    expect(turn(Math.PI)).toBeCloseTo(180, 6)
    expect(turn(0)).toBe(0)
  })

  it('has its inverse', () => {
    const pose = rigidAffine({
      rotation: [1, -0.5, 2],
      translationMm: [7, 8, 9],
      centreMm: [1, 2, 3],
    })
    multiplyAffines(invertAffine(pose), pose).forEach((value, n) =>
      expect(value).toBeCloseTo(IDENTITY_AFFINE[n], 10),
    )
  })
})
