import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../tensor.ts'
import { tapGradientGate } from './tapGradientGate.ts'
import { waveTensor } from './waveBatch.ts'

const x = () => waveTensor<tf.Rank.R5>([1, 2, 2, 2, 3], 0.4)
const norm = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values))

/** Gradient at the features of a · Σ main² / 2 + b · Σ tap, a network loss and a term that reads the tap. */
function gradient(gate: ReturnType<typeof tapGradientGate>, a: number, b: number): Float32Array {
  return tf
    .grad((features) => {
      const { main, tap } = gate.split('bottleneck', features as tf.Tensor5D)
      const network = main
        .square()
        .sum()
        .mul(a / 2)
      return network.add(tap.sum().mul(b))
    })(x())
    .dataSync() as Float32Array
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('cap on the gradient through a tap', () => {
  const values = x().dataSync()

  it('leaves a small one as it is', () => {
    const gate = tapGradientGate(['bottleneck'])
    gradient(gate, 1, 0.1).forEach((g, i) => expect(g).toBeCloseTo(values[i] + 0.1, 5))
    expect(gate.norms().bottleneck.scale).toBe(1)
  })

  it('scales a large one down to the norm of the network’s own, keeping its direction', () => {
    const gate = tapGradientGate(['bottleneck'])
    const own = norm(values)
    const total = gradient(gate, 1, 50)
    const passed = total.map((g, i) => g - values[i])
    expect(norm(passed)).toBeCloseTo(own, 4)
    passed.forEach((g) => expect(g).toBeCloseTo(own / Math.sqrt(24), 4))
    const record = gate.norms().bottleneck
    expect(record.network).toBeCloseTo(own, 4)
    expect(record.distillation).toBeCloseTo(50 * Math.sqrt(24), 2)
    expect(record.scale).toBeCloseTo(own / (50 * Math.sqrt(24)), 5)
  })

  it('does not cap where nothing else reads the features', () => {
    const gate = tapGradientGate(['bottleneck'])
    const total = tf.grad((f) =>
      gate
        .split('bottleneck', f as tf.Tensor5D)
        .tap.sum()
        .mul(7),
    )(x())
    expect(Array.from(total.dataSync())).toEqual(Array(24).fill(7))
  })

  it('lets no gradient through where the network has none', () => {
    const gate = tapGradientGate(['bottleneck'])
    expect(norm(gradient(gate, 0, 50))).toBe(0)
  })

  it('does not touch other taps and keeps one record a tap', () => {
    const gate = tapGradientGate(['decoder.0'])
    gradient(gate, 1, 50)
    expect(gate.norms()).toEqual({})
    const capped = tapGradientGate(['bottleneck'])
    const before = tf.memory().numTensors
    tf.tidy(() => void gradient(capped, 1, 2))
    tf.tidy(() => void gradient(capped, 1, 3))
    expect(tf.memory().numTensors).toBe(before + 1)
    capped.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})
