import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../tensor.ts'
import { softmaxCrossEntropyDice } from './softmaxCrossEntropyDice.ts'
import { BACKENDS_UNDER_TEST } from './testing/backendsUnderTest.ts'
import { deviation, differentiate, noise, zeros } from './testing/reference3d.ts'
import type { Volume5D } from './testing/reference3d.ts'

const WEIGHTS = { dice: 0.7, crossEntropy: 1.3, smoothing: 1e-5 }

/** [dice, crossEntropy] by plain loops in double precision. */
function termsOf(logits: Volume5D, target: Volume5D): [number, number] {
  const [voxels, classes] = logits.shape as [number, number]
  const sums = Array.from({ length: classes }, () => ({ both: 0, p: 0, y: 0 }))
  let entropy = 0
  for (let v = 0; v < voxels; v++) {
    const row = logits.values.subarray(v * classes, (v + 1) * classes)
    const total = row.reduce((sum, x) => sum + Math.exp(x), 0)
    row.forEach((x, c) => {
      const p = Math.exp(x) / total
      const y = target.values[v * classes + c]!
      entropy -= (y * Math.log(p)) / voxels
      sums[c]!.both += p * y
      sums[c]!.p += p
      sums[c]!.y += y
    })
  }
  const ratios = sums
    .slice(1)
    .map(({ both, p, y }) => (2 * both + WEIGHTS.smoothing) / (p + y + WEIGHTS.smoothing))
  return [1 - ratios.reduce((a, b) => a + b, 0) / (classes - 1), entropy]
}

function totalOf(logits: Volume5D, target: Volume5D): Volume5D {
  const [dice, entropy] = termsOf(logits, target)
  const total = zeros([1])
  total.values[0] = WEIGHTS.dice * dice + WEIGHTS.crossEntropy * entropy
  return total
}

/** Class 1 is absent from the truth when there are more than two voxels. */
function oneHot(voxels: number, classes: number): Volume5D {
  const target = zeros([voxels, classes])
  for (let v = 0; v < voxels; v++) {
    const label = (v * 7) % classes
    target.values[v * classes + (label === 1 && voxels > 2 ? 0 : label)] = 1
  }
  return target
}

/** Only these bring the kernel. */
const BACKENDS = BACKENDS_UNDER_TEST.filter(({ title }) => /^(wasm, relaxed|webgpu)/i.test(title))

describe.each(BACKENDS)('softmaxCrossEntropyDice on $title', ({ open }) => {
  beforeAll(async () => open?.())

  it.skipIf(open === null).each([
    [37, 4],
    [2100, 4],
    [11, 2],
    [9, 7],
    [1, 3],
  ])('%i voxels of %i classes: terms and gradient equal plain loops', (voxels, classes) => {
    const logits = noise([voxels, classes], 3)
    logits.values.forEach((value, i) => (logits.values[i] = Math.fround(4 * value)))
    const target = oneHot(voxels, classes)
    const before = tf.memory().numTensors
    const x = tf.tensor2d(new Float32Array(logits.values), [voxels, classes])
    const y = tf.tensor2d(new Float32Array(target.values), [voxels, classes])

    const [dice, entropy] = termsOf(logits, target)
    const values = tf.tidy(() => {
      const loss = softmaxCrossEntropyDice(x, y, WEIGHTS)!
      return [loss.total, loss.dice, loss.crossEntropy].map((term) => term.dataSync()[0]!)
    }) as unknown as number[]
    expect(values[0]).toBeCloseTo(totalOf(logits, target).values[0]!, 5)
    expect(values[1]).toBeCloseTo(dice, 5)
    expect(values[2]).toBeCloseTo(entropy, 5)

    const scaled = tf.grad((z: tf.Tensor) =>
      tf.mul(softmaxCrossEntropyDice(z as tf.Tensor2D, y, WEIGHTS)!.total, 0.5),
    )
    const gradient = scaled(x)
    // Plain differentiation of thousands of voxels takes minutes: a part of them is enough.
    if (voxels < 100) {
      const half = zeros([1])
      half.values[0] = 0.5
      const [expected] = differentiate((z) => totalOf(z!, target), [logits], half)
      expect(deviation(gradient.dataSync(), expected!)).toBeLessThan(1e-5)
    }
    tf.dispose([x, y, gradient])
    expect(tf.memory().numTensors).toBe(before)
  })

  it('leaves the composition to backends without the kernel', async () => {
    await tf.setBackend('cpu')
    const x = tf.zeros<tf.Rank.R2>([2, 3])
    expect(softmaxCrossEntropyDice(x, x, WEIGHTS)).toBeNull()
    x.dispose()
  })
})
