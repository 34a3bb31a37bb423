import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../tensor.ts'
import {
  addChannelBias,
  concatChannels,
  conv3d,
  convTranspose3d2x,
  instanceNorm,
  upsampleNearest2x,
} from './index.ts'
import { BACKENDS_UNDER_TEST } from './testing/backendsUnderTest.ts'
import {
  biasReference,
  concatReference,
  convolveReference,
  convolveTransposedReference,
  deviation,
  differentiate,
  instanceNormReference,
  noise,
  upsampleReference,
} from './testing/reference3d.ts'
import type { Volume5D } from './testing/reference3d.ts'

interface Case {
  readonly title: string
  readonly shapes: readonly (readonly number[])[]
  readonly run: (...inputs: tf.Tensor[]) => tf.Tensor
  readonly reference: (...inputs: Volume5D[]) => Volume5D
}

type T5 = tf.Tensor5D
type T1 = tf.Tensor1D

/** Odd sizes, one channel, channel counts around the vector width, more than one sample. */
const CONVOLUTIONS: readonly (readonly [number[], number, number, 1 | 2])[] = [
  [[2, 3, 5, 4, 3], 5, 3, 1],
  [[1, 3, 4, 7, 1], 9, 3, 1],
  [[2, 4, 3, 5, 2], 3, 3, 2],
  [[1, 4, 6, 4, 4], 8, 2, 2],
  [[1, 3, 3, 5, 2], 4, 2, 1],
  [[2, 3, 2, 3, 5], 1, 1, 1],
  [[1, 3, 4, 3, 2], 2, 1, 2],
  [[1, 1, 1, 1, 1], 1, 3, 1],
]

const NORMS: readonly (readonly [number[], number | null])[] = [
  [[2, 3, 4, 3, 5], 0.01],
  [[1, 2, 3, 5, 4], null],
  [[1, 3, 2, 2, 1], 0.2],
  [[1, 5, 6, 5, 8], 0.01],
]

const CASES: readonly Case[] = [
  ...CONVOLUTIONS.map(([shape, outChannels, size, stride]) => ({
    title: `conv3d ${shape.join('×')}, ${size}³ to ${outChannels}, stride ${stride}`,
    shapes: [shape, [size, size, size, shape[4]!, outChannels]],
    run: (x: tf.Tensor, filter: tf.Tensor) => conv3d(x as T5, filter as T5, stride),
    reference: (x: Volume5D, filter: Volume5D) => convolveReference(x, filter, stride),
  })),
  ...[
    [[2, 2, 3, 2, 3], 5],
    [[1, 1, 2, 3, 1], 1],
  ].map(([shape, outChannels]) => ({
    title: `convTranspose3d2x ${(shape as number[]).join('×')} to ${outChannels as number}`,
    shapes: [shape as number[], [2, 2, 2, (shape as number[])[4]!, outChannels as number]],
    run: (x: tf.Tensor, filter: tf.Tensor) => convTranspose3d2x(x as T5, filter as T5),
    reference: convolveTransposedReference,
  })),
  ...NORMS.map(([shape, slope]) => ({
    title: `instanceNorm ${shape.join('×')}, slope ${slope}`,
    shapes: [shape, [shape[4]!], [shape[4]!]],
    run: (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) =>
      instanceNorm(x as T5, gamma as T1, beta as T1, slope),
    reference: (x: Volume5D, gamma: Volume5D, beta: Volume5D) =>
      instanceNormReference(x, gamma, beta, slope ?? 1),
  })),
  {
    title: 'upsampleNearest2x',
    shapes: [[2, 2, 3, 1, 3]],
    run: (x) => upsampleNearest2x(x as T5),
    reference: upsampleReference,
  },
  {
    title: 'concatChannels',
    shapes: [
      [2, 2, 1, 3, 3],
      [2, 2, 1, 3, 2],
    ],
    run: (a, b) => concatChannels(a as T5, b as T5),
    reference: concatReference,
  },
  {
    title: 'addChannelBias',
    shapes: [[2, 2, 1, 3, 3], [3]],
    run: (x, bias) => addChannelBias(x as T5, bias as T1),
    reference: biasReference,
  },
]

function tensorOf(volume: Volume5D): tf.Tensor {
  return tf.tensor(new Float32Array(volume.values), [...volume.shape])
}

describe.each(BACKENDS_UNDER_TEST)('operations on $title', ({ open }) => {
  describe.skipIf(open === null)('against plain loops in double precision', () => {
    beforeAll(async () => open?.())

    it.each(CASES)('$title: value and gradients', ({ shapes, run, reference }) => {
      const inputs = shapes.map((shape, i) => noise(shape, 11 + i))
      const expected = reference(...inputs)
      const dy = noise(expected.shape, 97)
      const before = tf.memory().numTensors
      const tensors = inputs.map(tensorOf)
      const dyTensor = tensorOf(dy)

      const y = tf.tidy(() => run(...tensors))
      expect(y.shape).toEqual([...expected.shape])
      expect(deviation(y.dataSync(), expected)).toBeLessThan(2e-6)

      const gradients = tf.grads((...xs: tf.Tensor[]) => run(...xs))(tensors, dyTensor)
      const expectedGradients = differentiate(reference, inputs, dy)
      gradients.forEach((gradient, i) => {
        expect(gradient.shape).toEqual([...shapes[i]!])
        expect(deviation(gradient.dataSync(), expectedGradients[i]!)).toBeLessThan(2e-5)
      })

      tf.dispose([...tensors, dyTensor, y, ...gradients])
      expect(tf.memory().numTensors).toBe(before)
    })
  })
})
