import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { hasRelaxedSimd, registerSharedMemoryBackend } from '../kernels/index.ts'
import { tf } from '../tensor.ts'
import { dilatedConvolution } from './dilatedConvolution.ts'

const [DEPTH, HEIGHT, WIDTH] = [4, 8, 4]
const stream = randomStream(4, 'dilated')
const draw = (length: number): Float32Array => Float32Array.from({ length }, () => stream.normal())
const inputs = draw(DEPTH * HEIGHT * WIDTH * 2)
const weights = draw(27 * 2 * 3)

const volume = (values: Float32Array): tf.Tensor5D =>
  tf.tensor5d(values, [1, DEPTH, HEIGHT, WIDTH, 2])
const filterOf = (values: Float32Array): tf.Tensor5D => tf.tensor5d(values, [3, 3, 3, 2, 3])

/** The definition, voxel by voxel. */
function plainLoops(dilation: number): number[] {
  const at = (z: number, y: number, x: number, c: number): number =>
    z < 0 || y < 0 || x < 0 || z >= DEPTH || y >= HEIGHT || x >= WIDTH
      ? 0
      : inputs[((z * HEIGHT + y) * WIDTH + x) * 2 + c]
  const result = []
  for (let z = 0; z < DEPTH; z++)
    for (let y = 0; y < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++)
        for (let out = 0; out < 3; out++) {
          let sum = 0
          for (let tap = 0; tap < 27; tap++) {
            const [dz, dy, dx] = [
              Math.floor(tap / 9) - 1,
              (Math.floor(tap / 3) % 3) - 1,
              (tap % 3) - 1,
            ]
            for (let c = 0; c < 2; c++) {
              sum +=
                at(z + dilation * dz, y + dilation * dy, x + dilation * dx, c) *
                weights[(tap * 2 + c) * 3 + out]
            }
          }
          result.push(sum)
        }
  return result
}

const sharedMemory = registerSharedMemoryBackend({ threads: 1, relaxedSimd: hasRelaxedSimd() })

describe.each(['cpu', sharedMemory])('the dilated convolution on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend)
  })
  afterAll(() => tf.disposeVariables())

  it.each([1, 2, 4])('equals the definition with dilation %i', (dilation) => {
    const ours = dilatedConvolution(volume(inputs), filterOf(weights), dilation)
    expect(ours.shape).toEqual([1, DEPTH, HEIGHT, WIDTH, 3])
    const values = ours.dataSync()
    plainLoops(dilation).forEach((value, i) => expect(values[i]).toBeCloseTo(value, 3))
  })

  it('has the gradients that finite differences see', () => {
    const pull = draw(DEPTH * HEIGHT * WIDTH * 3)
    const target = tf.tensor5d(pull, [1, DEPTH, HEIGHT, WIDTH, 3])
    const loss = (x: tf.Tensor, filter: tf.Tensor): tf.Scalar =>
      tf.sum(tf.mul(dilatedConvolution(x as tf.Tensor5D, filter as tf.Tensor5D, 2), target))
    const gradients = tf.grads(loss)([volume(inputs), filterOf(weights)])
    const [dx, dw] = gradients.map((gradient) => gradient.dataSync())
    const value = (x: Float32Array, w: Float32Array): number =>
      tf.tidy(() => loss(volume(x), filterOf(w)).dataSync()[0])
    // Linear in either argument: a large step is exact but for rounding.
    for (const i of [0, 37, 100, inputs.length - 1]) {
      const slope = value(inputs.with(i, inputs[i] + 1), weights) - value(inputs, weights)
      expect(dx[i]).toBeCloseTo(slope, 2)
    }
    for (const i of [0, 40, 81, weights.length - 1]) {
      const slope = value(inputs, weights.with(i, weights[i] + 1)) - value(inputs, weights)
      expect(dw[i]).toBeCloseTo(slope, 2)
    }
  })
})
