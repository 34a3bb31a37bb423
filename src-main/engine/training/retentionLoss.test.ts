import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../tensor.ts'
import { retentionLoss } from './retentionLoss.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const logits = (...rows: number[][]): tf.Tensor5D =>
  tf.tensor5d(rows.flat(), [1, 1, 1, rows.length, 2])
const value = (x: tf.Tensor): number => x.dataSync()[0]

describe('the pull towards the model that is fine-tuned', () => {
  it('is nothing while both say the same', () => {
    const same = logits([2, -1], [0.5, 3])
    expect(value(retentionLoss(same, same, tf.tensor2d([1, 0, 0, 1], [2, 2])))).toBeCloseTo(0, 6)
  })

  it('is KL(initial ‖ current) over all voxels where the label agrees with the initial model', () => {
    const initial = logits([Math.log(3), 0])
    const current = logits([0, 0])
    const expected = 0.75 * Math.log(0.75 / 0.5) + 0.25 * Math.log(0.25 / 0.5)
    expect(value(retentionLoss(initial, current, tf.tensor2d([1, 0], [1, 2])))).toBeCloseTo(
      expected,
      6,
    )
  })

  it('lets go where a reader corrected the model', () => {
    const initial = logits([3, 0], [3, 0])
    const current = logits([0, 0], [0, 0])
    const corrected = tf.tensor2d([0, 1, 1, 0], [2, 2])
    const gradient = tf
      .grad((x) => retentionLoss(initial, x as tf.Tensor5D, corrected))(current)
      .dataSync()
    expect(Math.abs(gradient[0])).toBe(0)
    expect(Math.abs(gradient[1])).toBe(0)
    expect(Math.abs(gradient[2])).toBeGreaterThan(0.1)
  })
})
