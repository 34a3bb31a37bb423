import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { NetworkConfig } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { tf } from '../tensor.ts'
import { assignParameters } from './assignParameters.ts'
import { countFlops } from './countFlops.ts'
import { parameterCount, readParameters } from './parameters.ts'
import { buildUNet } from './unet.ts'

const config = (changes: Partial<NetworkConfig> = {}): NetworkConfig => ({
  kind: 'unet',
  channels: [4, 6, 8],
  convolutionsPerLevel: 2,
  residual: false,
  deepSupervision: true,
  ...changes,
})
const input = (d: number, h: number, w: number, c: number): tf.Tensor5D => {
  const stream = randomStream(5, 'input')
  const values = Float32Array.from({ length: d * h * w * c }, () => stream.normal())
  return tf.tensor5d(values, [1, d, h, w, c])
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})
afterEach(() => tf.disposeVariables())

describe('the 3D U-Net', () => {
  it.each([false, true])('gives logits and taps of every level (residual %s)', (residual) => {
    const network = buildUNet(config({ residual }), 2, 4, randomStream(1))
    tf.tidy(() => {
      const { logits, taps } = network.forward(input(8, 4, 12, 2))
      expect(logits.map((x) => x.shape)).toEqual([
        [1, 8, 4, 12, 4],
        [1, 4, 2, 6, 4],
      ])
      expect(Object.fromEntries(Object.entries(taps).map(([k, x]) => [k, x.shape]))).toEqual({
        'encoder.0': [1, 8, 4, 12, 4],
        'encoder.1': [1, 4, 2, 6, 6],
        bottleneck: [1, 2, 1, 3, 8],
        'decoder.1': [1, 4, 2, 6, 6],
        'decoder.0': [1, 8, 4, 12, 4],
      })
    })
  })

  it('refuses a patch its levels do not divide, naming the multiple', () => {
    const network = buildUNet(config(), 1, 4, randomStream(1))
    expect(network.divisor).toBe(4)
    expect(() => network.forward(input(8, 6, 8, 1))).toThrow(/multiples of 4/)
  })

  it('starts from the same weights for the same seed and from others for another', async () => {
    const read = async (seed: number) =>
      (await readParameters(buildUNet(config(), 1, 4, randomStream(seed)).parameters)).get(
        'encoder.1.0.filter',
      )?.values
    expect(await read(7)).toEqual(await read(7))
    expect(await read(7)).not.toEqual(await read(8))
  })

  it('draws He-normal weights', async () => {
    const network = buildUNet(config({ channels: [16, 32] }), 1, 4, randomStream(3))
    const { values } = (await readParameters(network.parameters)).get('encoder.1.1.filter')!
    const variance = values.reduce((a, x) => a + x * x, 0) / values.length
    expect(variance).toBeCloseTo(2 / (1.0001 * 27 * 32), 4)
  })

  it('counts the parameters of a network small enough to count by hand', () => {
    const small = config({ channels: [2, 3], convolutionsPerLevel: 1, deepSupervision: false })
    const network = buildUNet(small, 1, 4, randomStream(1))
    const encoder = 27 * 1 * 2 + 2 * 2 + 27 * 2 * 3 + 2 * 3
    const decoder = 8 * 3 * 2 + 27 * 4 * 2 + 2 * 2
    expect(parameterCount(network.parameters)).toBe(encoder + decoder + 2 * 4 + 4)
  })

  it('counts the operations of the same network by hand', () => {
    const small = config({ channels: [2, 3], convolutionsPerLevel: 1, deepSupervision: false })
    const fine = 27 * 1 * 2 + 27 * 4 * 2 + 3 * 2 + 2 * 4
    expect(countFlops(small, 1, 4, [4, 4, 4])).toBe(2 * (64 * fine + 8 * 27 * 2 * 3))
  })

  it('sends a gradient to every parameter', () => {
    const network = buildUNet(config({ residual: true }), 1, 4, randomStream(1))
    const x = input(4, 4, 4, 1)
    const variables = [...network.parameters.values()]
    const { grads } = tf.variableGrads(
      () =>
        tf.addN(network.forward(x).logits.map((y) => tf.sum(tf.square(y)))) as unknown as tf.Scalar,
      variables,
    )
    for (const [name, variable] of network.parameters) {
      const norm = tf.norm(grads[variable.name]).dataSync()[0]
      // Instance norm on a 1×1×1 grid is zero whatever its input, so nothing flows below the bottleneck's own.
      if (!name.startsWith('encoder.2')) expect(norm, name).toBeGreaterThan(0)
    }
  })

  it('takes stored weights and says which tensor does not fit', async () => {
    const a = buildUNet(config(), 1, 4, randomStream(1))
    const b = buildUNet(config(), 1, 4, randomStream(2))
    assignParameters(b.parameters, await readParameters(a.parameters), 'a.safetensors')
    expect(await readParameters(b.parameters)).toEqual(await readParameters(a.parameters))

    const wide = buildUNet(config({ channels: [4, 6, 10] }), 1, 4, randomStream(1))
    const stored = await readParameters(a.parameters)
    expect(() => assignParameters(wide.parameters, stored, 'a.safetensors')).toThrow(
      /a\.safetensors: tensor encoder\.2\.0\.filter has shape 3×3×3×6×8/,
    )
  })
})
