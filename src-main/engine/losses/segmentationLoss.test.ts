import { beforeAll, describe, expect, it } from 'vitest'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { tf } from '../tensor.ts'
import { oneHotPyramid } from './oneHotPyramid.ts'
import { segmentationLoss } from './segmentationLoss.ts'

const CLASSES = 4
const both = { dice: 1, crossEntropy: 1 }

/** Values anyone can rebuild: x[i][c] = (0.37 i² mod 1.9) − 0.9 + 0.3 c ((i c mod 3) − 1). */
const referenceLogits = Float32Array.from({ length: 8 * CLASSES }, (_, n) => {
  const i = Math.floor(n / CLASSES)
  const c = n % CLASSES
  return ((0.37 * i * i) % 1.9) - 0.9 + 0.3 * c * (((i * c) % 3) - 1)
})
const referenceLabels = Uint8Array.of(0, 1, 2, 3, 0, 2, 2, 0)

const oneHot = (labels: Uint8Array): tf.Tensor2D => {
  const [level] = oneHotPyramid(labels, [labels.length, 1, 1], CLASSES, 1)
  return tf.tensor2d(level.data, [labels.length, CLASSES])
}
const asVolume = (values: Float32Array): tf.Tensor5D =>
  tf.tensor5d(values, [1, 1, 1, values.length / CLASSES, CLASSES])

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('cross-entropy and soft Dice', () => {
  it('equals PyTorch in value and gradient', () => {
    const target = oneHot(referenceLabels)
    const logits = asVolume(referenceLogits)
    const loss = segmentationLoss(logits, target, both)
    expect(loss.crossEntropy.dataSync()[0]).toBeCloseTo(1.4310178, 5)
    expect(loss.dice.dataSync()[0]).toBeCloseTo(0.8099002, 5)
    const gradient = tf
      .grad((x) => segmentationLoss(x as tf.Tensor5D, target, both).total)(logits)
      .dataSync()
    const first = [-0.0828785, 0.0352994, 0.0264968, 0.0210824]
    const sixth = [0.0386092, 0.0574726, -0.1146194, 0.0185376]
    first.forEach((value, c) => expect(gradient[c]).toBeCloseTo(value, 5))
    sixth.forEach((value, c) => expect(gradient[5 * CLASSES + c]).toBeCloseTo(value, 5))
  })

  it('has the gradient that finite differences see', () => {
    const stream = randomStream(3, 'logits')
    const values = Float32Array.from({ length: 6 * CLASSES }, () => stream.normal())
    const target = oneHot(Uint8Array.of(0, 0, 1, 2, 3, 3))
    const weights = { dice: 0.7, crossEntropy: 1.3 }
    const total = (x: Float32Array): number =>
      segmentationLoss(asVolume(x), target, weights).total.dataSync()[0]
    const gradient = tf
      .grad((x) => segmentationLoss(x as tf.Tensor5D, target, weights).total)(asVolume(values))
      .dataSync()
    const h = 1e-2
    values.forEach((value, i) => {
      const up = total(values.with(i, value + h))
      const down = total(values.with(i, value - h))
      expect(gradient[i]).toBeCloseTo((up - down) / (2 * h), 3)
    })
  })

  it('stays finite with logits of ±1000', () => {
    const logits = asVolume(Float32Array.of(1000, -1000, 0, 0, -1000, 1000, 0, 0))
    const target = oneHot(Uint8Array.of(1, 1))
    const loss = segmentationLoss(logits, target, both)
    expect(loss.crossEntropy.dataSync()[0]).toBeCloseTo(1000, 2)
    const gradient = tf.grad((x) => segmentationLoss(x as tf.Tensor5D, target, both).total)(logits)
    expect(gradient.dataSync().every(Number.isFinite)).toBe(true)
  })

  it('is nothing for a perfect answer and close to one in Dice where every foreground voxel is missed', () => {
    const labels = Uint8Array.of(0, 1, 2, 3)
    const sure = Float32Array.from({ length: 16 }, (_, n) => (n % 5 === 0 ? 40 : 0))
    expect(segmentationLoss(asVolume(sure), oneHot(labels), both).total.dataSync()[0]).toBeCloseTo(
      0,
      5,
    )
    const allBackground = Float32Array.from({ length: 16 }, (_, n) => (n % 4 === 0 ? 40 : 0))
    const missed = segmentationLoss(asVolume(allBackground), oneHot(labels), both)
    expect(missed.dice.dataSync()[0]).toBeCloseTo(1, 4)
  })

  it('is defined for a patch without any tumour', () => {
    const loss = segmentationLoss(asVolume(new Float32Array(16)), oneHot(new Uint8Array(4)), both)
    expect(loss.crossEntropy.dataSync()[0]).toBeCloseTo(Math.log(4), 5)
    expect(loss.dice.dataSync()[0]).toBeCloseTo(1, 4)
  })
})
