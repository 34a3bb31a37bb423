import { describe, expect, it } from 'vitest'
import { hierarchicalBootstrap } from './hierarchicalBootstrap.ts'

const DIFFERENCES = [
  [0.01, 0.03, 0.02, 0.05, -0.01, 0],
  [0.02, 0.01, 0.04, 0.03, 0.02, 0.02],
  [-0.02, 0, 0.01, 0.01, -0.03, 0.02],
  [0.06, 0.03, 0.05, 0.04, 0.02, 0.07],
]

describe('hierarchical bootstrap', () => {
  it('agrees with numpy on 200 000 resamples', () => {
    // bench/reference/experiment_statistics.py: [0.00333, 0.03875]
    const [low, high] = hierarchicalBootstrap(DIFFERENCES, 20_000)!
    expect(low).toBeCloseTo(0.00333, 2)
    expect(Math.abs(low - 0.00333)).toBeLessThan(0.001)
    expect(Math.abs(high - 0.03875)).toBeLessThan(0.001)
  })

  it('is wider than one that takes the seeds for given', () => {
    const [low, high] = hierarchicalBootstrap(DIFFERENCES, 5000)!
    const pooled = hierarchicalBootstrap(
      [DIFFERENCES.flat(), DIFFERENCES.flat(), DIFFERENCES.flat()],
      5000,
    )!
    expect(high - low).toBeGreaterThan(1.5 * (pooled[1] - pooled[0]))
  })

  it('gives the same interval every time', () => {
    expect(hierarchicalBootstrap(DIFFERENCES, 500)).toEqual(hierarchicalBootstrap(DIFFERENCES, 500))
  })

  it('says nothing for fewer than three seeds or a seed without cases', () => {
    expect(hierarchicalBootstrap(DIFFERENCES.slice(0, 2), 500)).toBeNull()
    expect(hierarchicalBootstrap([[0.1], [0.2], []], 500)).toBeNull()
  })
})
