import { beforeAll, describe, expect, it } from 'vitest'
import type { NetworkConfig } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { tf } from '../tensor.ts'
import { assignParameters } from './assignParameters.ts'
import { buildNetwork } from './buildNetwork.ts'
import type { NamedArray } from '../namedArray.ts'

const shared = { convolutionsPerLevel: 1, residual: false, deepSupervision: false } as const
/** Logits 0, 333, 777, 1234, 2047 and the mean of |logits|, from bench/reference/network_kinds.py (PyTorch, float64). */
const GOLDEN: [NetworkConfig, number[], number][] = [
  [
    { ...shared, kind: 'resenc', channels: [4, 6, 6], blocks: [1, 2, 2] },
    [0.146263, 0.206776, 0.084592, -1.163539, -0.136611],
    0.27922,
  ],
  [
    { ...shared, kind: 'vnet', channels: [4, 6, 8], blocks: [1, 2, 2] },
    [-0.066834, -1.897729, 0.824622, 0.621966, -0.260541],
    0.754735,
  ],
  [
    { ...shared, kind: 'meshnet', channels: [5], dilations: [1, 2, 4, 2, 1] },
    [-0.115624, 0.026444, 0.262297, 0.427652, 0.062857],
    0.320698,
  ],
]

/** Value i is a sine of i and of the sum of the name's character codes; anyone can make it again. */
function formulaWeights(name: string, shape: readonly number[]): NamedArray {
  const count = shape.reduce((a, b) => a * b, 1)
  const phase = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
  const isFilter = name.endsWith('.filter')
  const amplitude = isFilter ? 2 / Math.sqrt(count / shape[shape.length - 1]) : 0.2
  const centre = name.endsWith('.scale') ? 1 : 0
  const values = Float32Array.from(
    { length: count },
    (_, i) => centre + amplitude * Math.sin(phase + 0.37 * (i + 1)),
  )
  return { shape, values }
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('the forward pass', () => {
  it.each(GOLDEN)('equals PyTorch’s from the same weights: $kind', (config, samples, mean) => {
    const network = buildNetwork(config, 2, 4, randomStream(1))
    const weights = new Map(
      [...network.parameters].map(([name, { shape }]) => [name, formulaWeights(name, shape)]),
    )
    assignParameters(network.parameters, weights, 'the formula')
    const values = Float32Array.from({ length: 8 ** 3 * 2 }, (_, i) =>
      Math.sin(1 + 0.73 * i + 0.001 * i * i),
    )
    const logits = tf.tidy(() =>
      network.forward(tf.tensor5d(values, [1, 8, 8, 8, 2])).logits[0].dataSync(),
    ) as Float32Array
    ;[0, 333, 777, 1234, 2047].forEach((index, i) => {
      expect(logits[index]).toBeCloseTo(samples[i], 4)
    })
    const absolute = logits.reduce((sum, value) => sum + Math.abs(value), 0) / logits.length
    expect(absolute).toBeCloseTo(mean, 5)
    network.dispose()
  })
})
