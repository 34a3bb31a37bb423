import { describe, expect, it } from 'vitest'
import { randomStream } from '../random/randomStream.ts'
import { createFoldPattern } from './foldPattern.ts'

describe('createFoldPattern', () => {
  const folds = createFoldPattern(randomStream(2, 'folds'), 18, 26)

  it('never lies further from a fold than a quarter of the mean wavelength', () => {
    let furthest = 0
    for (let x = 0; x < 300; x += 1.3) furthest = Math.max(furthest, folds(x, 0.4 * x, 10))
    expect(furthest).toBeLessThanOrEqual(22 / 4 + 1e-9)
    expect(furthest).toBeGreaterThan(4)
  })

  it('puts folds about half a wavelength apart', () => {
    let crossings = 0
    const length = 3000
    let before = folds(0, 5, 5)
    let falling = false
    for (let x = 0.25; x < length; x += 0.25) {
      const here = folds(x, 5, 5)
      if (falling && here > before && before < 0.6) crossings++
      falling = here < before
      before = here
    }
    // A line meets isotropic folds at a slant: √3 times further apart than across (Rice's formula in 3D).
    const expected = length / ((22 / 2) * Math.sqrt(3))
    expect(crossings).toBeGreaterThan(0.75 * expected)
    expect(crossings).toBeLessThan(1.25 * expected)
  })
})
