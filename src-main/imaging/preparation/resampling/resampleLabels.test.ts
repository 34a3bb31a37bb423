import { describe, expect, it } from 'vitest'
import { createAxisAlignedGrid, IDENTITY_AFFINE, invertAffine } from '../../geometry/index.ts'
import { rigidAffine } from '../rigid/rigidPose.ts'
import { diceOf } from '../testing/diceOf.ts'
import { resampleLabels } from './resampleLabels.ts'

const fine = createAxisAlignedGrid([40, 40, 40], [1, 1, 1])

function ball(label: number, radius: number): Uint8Array {
  return Uint8Array.from({ length: 64_000 }, (_, n) =>
    Math.hypot((n % 40) - 20, (Math.floor(n / 40) % 40) - 20, Math.floor(n / 1600) - 20) < radius
      ? label
      : 0,
  )
}

describe('carrying labels to another grid', () => {
  it('copies them where the grid is the same', () => {
    const labels = Uint8Array.from({ length: 64_000 }, (_, n) => (n * 7919) % 4)
    expect(resampleLabels({ grid: fine, labels }, fine, IDENTITY_AFFINE)).toEqual(labels)
  })

  it('keeps the volume of a ball on 5 mm slices', () => {
    const labels = ball(3, 12)
    const thick = createAxisAlignedGrid([40, 40, 8], [1, 1, 5], [0, 0, 2])
    const result = resampleLabels({ grid: fine, labels }, thick, IDENTITY_AFFINE)
    const count = (list: Uint8Array): number => list.filter((label) => label === 3).length
    expect((count(result) * 5) / count(labels)).toBeCloseTo(1, 1)
    expect(new Set(result)).toEqual(new Set([0, 3]))
  })

  it('comes back through a rigid transform', () => {
    const labels = ball(2, 14)
    const pose = rigidAffine({
      rotation: [0.2, -0.1, 0.3],
      translationMm: [3, -2, 1],
      centreMm: [20, 20, 20],
    })
    const away = resampleLabels({ grid: fine, labels }, fine, pose)
    const back = resampleLabels({ grid: fine, labels: away }, fine, invertAffine(pose))
    expect(diceOf(back, labels)).toBeGreaterThan(0.97)
    expect(diceOf(away, labels)).toBeLessThan(0.95)
  })

  it('is empty for an empty labelmap', () => {
    const labels = new Uint8Array(64_000)
    expect(resampleLabels({ grid: fine, labels }, fine, IDENTITY_AFFINE)).toEqual(labels)
  })
})
