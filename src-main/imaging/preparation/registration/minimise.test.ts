import { describe, expect, it } from 'vitest'
import { minimise } from './minimise.ts'

const options = { differenceStep: 1e-4, longestStep: 1, tolerance: 1e-7, maxIterations: 200 }

describe('minimising', () => {
  it('finds the bottom of a narrow curved valley (Rosenbrock)', () => {
    const { parameters, value } = minimise(
      ([x, y]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
      [-1.2, 1],
      options,
    )
    expect(parameters[0]).toBeCloseTo(1, 3)
    expect(parameters[1]).toBeCloseTo(1, 3)
    expect(value).toBeLessThan(1e-6)
  })

  it('stays where the function is flat', () => {
    expect(minimise(() => 4, [1, 2], options)).toEqual({ parameters: [1, 2], value: 4 })
  })

  it('never returns a worse value than it started from', () => {
    const rough = ([x]: readonly number[]): number => x * x + 0.3 * Math.sin(40 * x)
    expect(minimise(rough, [2], options).value).toBeLessThanOrEqual(rough([2]))
  })
})
