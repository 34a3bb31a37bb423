import { beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../backends/index.ts'
import { tf } from '../tensor.ts'
import { createWeightAverage } from './weightAverage.ts'

beforeAll(() => openBackend('wasm'))

const parameters = (...values: number[]): Map<string, tf.Variable> =>
  new Map([['w', tf.variable(tf.tensor1d(values))]])

describe('average of weights', () => {
  it('follows a̅ ← d·a̅ + (1 − d)·w with the warm-up of d', async () => {
    const weights = parameters(1, -2)
    const average = createWeightAverage(weights, 0.5)
    let expected = [1, -2]
    for (let t = 0; t < 12; t++) {
      const next = [Math.sin(t), 3 * t]
      weights.get('w')!.assign(tf.tensor1d(next))
      average.update(t)
      const d = Math.min(0.5, (1 + t) / (10 + t))
      expected = expected.map((a, i) => d * a + (1 - d) * next[i])
    }
    const read = (await average.read()).get('w')!
    expect(read.values[0]).toBeCloseTo(expected[0], 5)
    expect(read.values[1]).toBeCloseTo(expected[1], 4)
    average.dispose()
  })

  it('lends its weights to an act and puts the trained ones back, even after a failure', async () => {
    const weights = parameters(4)
    const average = createWeightAverage(weights, 0.9)
    weights.get('w')!.assign(tf.tensor1d([8]))
    const before = tf.memory().numTensors
    const seen: number[] = []
    const failing = average.during(async () => {
      seen.push(weights.get('w')!.dataSync()[0])
      throw new Error('stopped')
    })
    await expect(failing).rejects.toThrow('stopped')
    expect(seen).toEqual([4])
    expect(weights.get('w')!.dataSync()[0]).toBe(8)
    expect(tf.memory().numTensors).toBe(before)
    average.dispose()
  })

  it('refuses stored averages of another size', () => {
    const average = createWeightAverage(parameters(1, 2), 0.9)
    const stored = new Map([['w', { shape: [1], values: Float32Array.of(1) }]])
    expect(() => average.restore(stored)).toThrow(RangeError)
    average.dispose()
  })
})
