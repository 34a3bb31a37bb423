import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../tensor.ts'
import { deepSupervisionLoss, supervisionWeights } from './deepSupervisionLoss.ts'
import { oneHotPyramid } from './oneHotPyramid.ts'
import { segmentationLoss } from './segmentationLoss.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('deep supervision', () => {
  it('weights levels 1, ½, ¼, scaled to sum one', () => {
    expect(supervisionWeights(3)).toEqual([4 / 7, 2 / 7, 1 / 7])
    expect(supervisionWeights(1)).toEqual([1])
  })

  it('is the weighted sum over the levels, each against its own downsampled target', () => {
    const labels = Uint8Array.of(0, 1, 2, 3, 0, 0, 1, 1)
    const levels = oneHotPyramid(labels, [2, 2, 2], 4, 2)
    const targets = levels.map((level) => tf.tensor2d(level.data, [level.voxels, 4]))
    const fine = tf.randomNormal<tf.Rank.R5>([1, 2, 2, 2, 4], 0, 1, 'float32', 1)
    const coarse = tf.randomNormal<tf.Rank.R5>([1, 1, 1, 1, 4], 0, 1, 'float32', 2)
    const weights = { dice: 1, crossEntropy: 1 }
    const a = segmentationLoss(fine, targets[0], weights).total.dataSync()[0]
    const b = segmentationLoss(coarse, targets[1], weights).total.dataSync()[0]
    const loss = deepSupervisionLoss([fine, coarse], targets, weights)
    expect(loss.total.dataSync()[0]).toBeCloseTo((2 * a + b) / 3, 5)
  })

  it('refuses more outputs than targets', () => {
    const logits = tf.zeros<tf.Rank.R5>([1, 1, 1, 1, 4])
    expect(() => deepSupervisionLoss([logits], [], { dice: 1, crossEntropy: 1 })).toThrow(
      RangeError,
    )
  })
})

describe('one-hot targets', () => {
  it('keeps every second voxel a level', () => {
    const labels = Uint8Array.from({ length: 64 }, (_, i) => i % 4)
    const [fine, coarse] = oneHotPyramid(labels, [4, 4, 4], 4, 2)
    expect(fine.voxels).toBe(64)
    expect(coarse.voxels).toBe(8)
    // Voxels (0,0,0) and (2,0,0) have labels 0 and 2.
    expect([...coarse.data.slice(0, 8)]).toEqual([1, 0, 0, 0, 0, 0, 1, 0])
  })

  it('refuses a label beyond the classes', () => {
    expect(() => oneHotPyramid(Uint8Array.of(7), [1, 1, 1], 4, 1)).toThrow(/label 7/)
  })
})
