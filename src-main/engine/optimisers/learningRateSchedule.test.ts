import { describe, expect, it } from 'vitest'
import { learningRateAt } from './learningRateSchedule.ts'

const at = (schedule: 'constant' | 'poly' | 'cosine', warmupSteps: number, step: number): number =>
  learningRateAt({ learningRate: 0.01, schedule, warmupSteps }, step, 100)

describe('learning rate', () => {
  it('rises in a line over the warm-up and then holds', () => {
    expect(at('constant', 4, 0)).toBeCloseTo(0.0025, 10)
    expect(at('constant', 4, 3)).toBeCloseTo(0.01, 10)
    expect(at('constant', 4, 99)).toBe(0.01)
  })

  it('decays with power 0.9', () => {
    expect(at('poly', 0, 0)).toBe(0.01)
    expect(at('poly', 0, 50)).toBeCloseTo(0.01 * 0.5 ** 0.9, 10)
    expect(at('poly', 0, 100)).toBe(0)
  })

  it('decays along half a cosine, from the end of the warm-up', () => {
    expect(at('cosine', 20, 20)).toBeCloseTo(0.01, 10)
    expect(at('cosine', 20, 60)).toBeCloseTo(0.005, 10)
    expect(at('cosine', 20, 100)).toBeCloseTo(0, 10)
  })
})
