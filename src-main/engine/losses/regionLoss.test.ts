import { beforeAll, describe, expect, it } from 'vitest'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { tf } from '../tensor.ts'
import { oneHotPyramid } from './oneHotPyramid.ts'
import { regionLoss } from './regionLoss.ts'

const both = { dice: 1, crossEntropy: 1 }
const oneHot = (labels: Uint8Array): tf.Tensor2D => {
  const [level] = oneHotPyramid(labels, [labels.length, 1, 1], 4, 1)
  return tf.tensor2d(level.data, [labels.length, 4])
}
const asVolume = (values: Float32Array): tf.Tensor5D =>
  tf.tensor5d(values, [1, 1, 1, values.length / 3, 3])
/** x[i][r] = (0.37 i² mod 1.9) − 0.9 + 0.3 r ((i r mod 3) − 1). */
const referenceLogits = Float32Array.from({ length: 24 }, (_, n) => {
  const [i, r] = [Math.floor(n / 3), n % 3]
  return ((0.37 * i * i) % 1.9) - 0.9 + 0.3 * r * (((i * r) % 3) - 1)
})
const referenceLabels = Uint8Array.of(0, 1, 2, 3, 0, 2, 2, 0)

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('the loss of regions', () => {
  it('equals PyTorch’s', () => {
    const loss = regionLoss(asVolume(referenceLogits), oneHot(referenceLabels), both)
    expect(loss.crossEntropy.dataSync()[0]).toBeCloseTo(0.6951768, 5)
    expect(loss.dice.dataSync()[0]).toBeCloseTo(0.6266319, 5)
  })

  it('has the gradient that finite differences see', () => {
    const stream = randomStream(3, 'logits')
    const values = Float32Array.from({ length: 18 }, () => stream.normal())
    const target = oneHot(Uint8Array.of(0, 0, 1, 2, 3, 3))
    const weights = { dice: 0.7, crossEntropy: 1.3 }
    const loss = (x: tf.Tensor): tf.Scalar => regionLoss(x as tf.Tensor5D, target, weights).total
    const gradient = tf.grad(loss)(asVolume(values)).dataSync()
    const at = (x: Float32Array): number => loss(asVolume(x)).dataSync()[0]
    values.forEach((value, i) => {
      const slope = (at(values.with(i, value + 1e-2)) - at(values.with(i, value - 1e-2))) / 2e-2
      expect(gradient[i]).toBeCloseTo(slope, 3)
    })
  })

  it('stays finite with logits of ±1000 and without any tumour', () => {
    const wild = asVolume(Float32Array.of(1000, -1000, 1000, -1000, 1000, -1000))
    const loss = regionLoss(wild, oneHot(Uint8Array.of(0, 3)), both)
    expect(loss.crossEntropy.dataSync()[0]).toBeCloseTo((2 * 1000 + 2 * 1000) / 6, 1)
    const nothing = regionLoss(asVolume(new Float32Array(6)), oneHot(Uint8Array.of(0, 0)), both)
    expect(nothing.crossEntropy.dataSync()[0]).toBeCloseTo(Math.log(2), 5)
    expect(nothing.dice.dataSync()[0]).toBeCloseTo(1, 4)
  })
})
