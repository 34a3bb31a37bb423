import { describe, expect, it } from 'vitest'
import { randomStream } from '../random/randomStream.ts'
import { createNoiseField } from './noiseField.ts'

describe('createNoiseField', () => {
  const field = createNoiseField(randomStream(5, 'test'), 4)

  it('has mean 0 and variance 1', () => {
    let sum = 0
    let squares = 0
    let count = 0
    for (let x = 0; x < 128; x += 3.1) {
      for (let y = 0; y < 128; y += 3.1) {
        for (let z = 0; z < 128; z += 3.1) {
          const value = field(x, y, z)
          sum += value
          squares += value * value
          count++
        }
      }
    }
    expect(Math.abs(sum / count)).toBeLessThan(0.05)
    expect(squares / count).toBeGreaterThan(0.9)
    expect(squares / count).toBeLessThan(1.1)
  })

  it('is smooth: a hundredth of a feature moves it little', () => {
    for (let x = 0; x < 40; x += 0.7) {
      expect(Math.abs(field(x + 0.04, 2, 3) - field(x, 2, 3))).toBeLessThan(0.06)
    }
  })

  it('is another function for another stream', () => {
    const other = createNoiseField(randomStream(6, 'test'), 4)
    expect(other(1, 2, 3)).not.toBe(field(1, 2, 3))
  })
})
