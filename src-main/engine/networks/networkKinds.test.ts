import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { networkSchema, type NetworkConfig } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { tf } from '../tensor.ts'
import { buildNetwork } from './buildNetwork.ts'
import { countFlops } from './countFlops.ts'
import { countParameters } from './countParameters.ts'
import { parameterCount } from './parameters.ts'
import { tapShapes } from './tapShapes.ts'

const shared = { convolutionsPerLevel: 1, residual: false, deepSupervision: true } as const
const KINDS: NetworkConfig[] = [
  { ...shared, kind: 'unet', channels: [4, 6, 8] },
  { ...shared, kind: 'resenc', channels: [4, 6, 6], blocks: [1, 2, 2] },
  { ...shared, kind: 'vnet', channels: [4, 6, 8], blocks: [1, 2, 2] },
  {
    ...{ ...shared, kind: 'meshnet', channels: [5], deepSupervision: false },
    dilations: [1, 2, 4, 2, 1],
  },
]
const input = (edge: number, channels: number): tf.Tensor5D => {
  const stream = randomStream(5, 'input')
  const values = Float32Array.from({ length: edge ** 3 * channels }, () => stream.normal())
  return tf.tensor5d(values, [1, edge, edge, edge, channels])
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})
afterEach(() => tf.disposeVariables())

describe.each(KINDS)('a network of kind $kind', (config) => {
  it('is described by what is counted without building it', () => {
    const network = buildNetwork(networkSchema.parse(config), 3, 4, randomStream(1))
    expect(countParameters(config, 3, 4)).toBe(parameterCount(network.parameters))
    expect(countFlops(config, 3, 4, [16, 16, 16])).toBe(8 * countFlops(config, 3, 4, [8, 8, 8]))
    tf.tidy(() => {
      const { logits, taps } = network.forward(input(8, 3))
      expect(logits[0].shape).toEqual([1, 8, 8, 8, 4])
      expect(logits).toHaveLength(config.deepSupervision ? 2 : 1)
      const shapes = Object.fromEntries(
        Object.entries(taps).map(([name, features]) => [name, features.shape.slice(1)]),
      )
      expect(shapes).toEqual(tapShapes(config, [8, 8, 8]))
      expect(shapes).toHaveProperty('bottleneck')
      expect(shapes).toHaveProperty(['decoder.0'])
    })
  })

  it('sends a gradient to every parameter', () => {
    const network = buildNetwork(config, 2, 4, randomStream(2))
    const x = input(8, 2)
    const variables = [...network.parameters.values()]
    const { grads } = tf.variableGrads(
      () =>
        tf.addN(network.forward(x).logits.map((y) => tf.sum(tf.square(y)))) as unknown as tf.Scalar,
      variables,
    )
    for (const [name, variable] of network.parameters) {
      expect(tf.norm(grads[variable.name]).dataSync()[0], name).toBeGreaterThan(0)
    }
  })

  it('refuses a patch that it cannot divide', () => {
    const network = buildNetwork(config, 1, 4, randomStream(1))
    expect(network.divisor).toBe(4)
    expect(() => network.forward(input(6, 1))).toThrow(/multiples of 4/)
  })
})

describe('the description of a network', () => {
  const issues = (changes: object): string[] => {
    const result = networkSchema.safeParse({ ...KINDS[0], ...changes })
    return result.success ? [] : result.error.issues.map(({ message }) => message)
  }

  it('reads what was stored before there were other kinds', () => {
    expect(issues({})).toEqual([])
  })

  it.each([
    [{ kind: 'resenc' }, 'one count a level'],
    [{ kind: 'vnet', blocks: [1, 2] }, 'one count a level'],
    [{ channels: [8] }, 'at least two levels'],
    [{ kind: 'meshnet', channels: [5], deepSupervision: false }, 'a MeshNet needs the dilations'],
    [{ kind: 'meshnet', dilations: [1, 2] }, 'a MeshNet has one level'],
  ])('refuses what makes no network: %o', (changes, message) => {
    expect(issues(changes).join()).toContain(message)
  })
})
