import { describe, expect, it } from 'vitest'
import { blurAsAcquired } from './acquisitionBlur.ts'
import type { HeadBox } from './headBox.ts'

const box: HeadBox = {
  low: [0, 0, 0],
  size: [15, 15, 15],
  count: 3375,
  spacingMm: 1,
  originMm: [0, 0, 0],
}
const at = (a: number, b: number, c: number): number => a + 15 * (b + 15 * c)

describe('blurAsAcquired', () => {
  it('spreads a point by the slice thickness along the slice axis only', () => {
    const values = new Float32Array(box.count)
    values[at(7, 7, 7)] = 1
    blurAsAcquired(values, new Uint8Array(box.count).fill(1), box, 0, 4, 2)
    let sum = 0
    let variance = 0
    for (let c = 0; c < 15; c++) {
      sum += values[at(7, 7, c)]
      variance += values[at(7, 7, c)] * (c - 7) ** 2
    }
    expect(sum).toBeCloseTo(1, 5)
    // A 4 mm slab adds (4² − 1²) / 12 to the variance; the cut tails take a little.
    expect(variance).toBeGreaterThan(1.1)
    expect(variance).toBeLessThan(1.25)
    expect(values[at(8, 7, 7)]).toBe(0)
  })

  it('neither darkens the edge of the mask nor leaks out of it', () => {
    const mask = new Uint8Array(box.count)
    const values = new Float32Array(box.count)
    for (let a = 0; a < 8; a++) {
      for (let b = 0; b < 15; b++) {
        for (let c = 0; c < 15; c++) {
          mask[at(a, b, c)] = 1
          values[at(a, b, c)] = 50
        }
      }
    }
    blurAsAcquired(values, mask, box, 3, 5, 0)
    expect(values[at(7, 7, 7)]).toBeCloseTo(50, 4)
    expect(values[at(8, 7, 7)]).toBe(0)
  })
})
