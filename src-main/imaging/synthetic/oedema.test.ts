import { describe, expect, it } from 'vitest'
import type { HeadBox } from './headBox.ts'
import { spreadOedema } from './oedema.ts'
import { FAR } from './tumourFields.ts'

const box: HeadBox = {
  low: [0, 0, 0],
  size: [11, 11, 3],
  count: 363,
  spacingMm: 2,
  originMm: [0, 0, 0],
}
const at = (a: number, b: number, c = 1): number => a + 11 * (b + 11 * c)

function coreAtLeft(): Float32Array {
  const core = new Float32Array(box.count).fill(FAR)
  core[at(0, 5)] = -1
  core[at(1, 5)] = 1
  return core
}

describe('spreadOedema', () => {
  it('takes as long as the way is, in mm of white matter', () => {
    const time = spreadOedema(box, coreAtLeft(), new Float32Array(box.count).fill(1), 100)
    expect(time[at(0, 5)]).toBe(0)
    expect(time[at(9, 5)]).toBeCloseTo(1 + 8 * 2, 4)
    expect(time[at(3, 7)]).toBeCloseTo(1 + 2 * 2 * Math.SQRT2, 4)
  })

  it('runs slower through grey matter and goes round fluid', () => {
    const speed = new Float32Array(box.count).fill(1)
    for (let c = 0; c < 3; c++) {
      for (let b = 0; b < 10; b++) speed[at(5, b, c)] = 0
      speed[at(5, 10, c)] = 0.5
    }
    const time = spreadOedema(box, coreAtLeft(), speed, 100)
    expect(time[at(5, 5)]).toBe(Infinity)
    // Five voxels down to the gap, diagonally where it can, one at half speed, and up again.
    expect(time[at(6, 5)]).toBeGreaterThan(24)
    expect(time[at(6, 5)]).toBeLessThan(Infinity)
  })

  it('stops at the limit', () => {
    const time = spreadOedema(box, coreAtLeft(), new Float32Array(box.count).fill(1), 6)
    expect(time[at(3, 5)]).toBeCloseTo(5, 4)
    expect(time[at(4, 5)]).toBe(Infinity)
  })
})
