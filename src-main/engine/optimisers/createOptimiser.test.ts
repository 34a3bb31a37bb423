import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../backends/index.ts'
import { tf } from '../tensor.ts'
import { createOptimiser } from './createOptimiser.ts'
import type { OptimiserConfig } from './optimiser.ts'

const parametersOf = (values: Record<string, number[]>): Map<string, tf.Variable> =>
  new Map(Object.entries(values).map(([name, x]) => [name, tf.variable(tf.tensor1d(x))]))
const gradientsOf = (values: Record<string, number[]>): Map<string, tf.Tensor> =>
  new Map(Object.entries(values).map(([name, x]) => [name, tf.tensor1d(x)]))
const valuesOf = (parameters: ReadonlyMap<string, tf.Tensor>): number[] =>
  [...parameters.values()].flatMap((x) => [...x.dataSync()])

const ADAM: OptimiserConfig = { kind: 'adam', weightDecay: 0, clipNorm: 12 }
const SGD: OptimiserConfig = {
  kind: 'sgd',
  momentum: 0.99,
  nesterov: true,
  weightDecay: 0,
  clipNorm: 12,
}

/** Three steps of PyTorch 2.13 from [1, −2, ½] and [3] (bench/reference/optimisers.py). */
const TORCH: readonly [string, OptimiserConfig, number[]][] = [
  ['AdamW', { ...ADAM, weightDecay: 0.1 }, [0.98224699, -1.99707115, 0.47005236, 3.00583911]],
  [
    'SGD, Nesterov',
    { ...SGD, weightDecay: 0.1 },
    [0.98478591, -1.99466968, 0.39179668, 2.99224424],
  ],
  [
    'SGD, momentum',
    { ...SGD, momentum: 0.9, nesterov: false },
    [0.99478501, -2.00709486, 0.42640001, 3.01979995],
  ],
]

const BACKENDS: readonly [string, () => Promise<unknown>][] = [
  ['composed', () => tf.setBackend('cpu')],
  ['fused, wasm', () => openBackend('wasm')],
]

describe.each(BACKENDS)('an optimiser, %s', (_title, open) => {
  beforeAll(async () => {
    await open()
  })
  afterEach(() => tf.disposeVariables())

  it.each(TORCH)('follows PyTorch’s %s over three steps', (_name, config, torch) => {
    const parameters = parametersOf({ 'a.filter': [1, -2, 0.5], 'b.filter': [3] })
    const optimiser = createOptimiser(parameters, config)
    optimiser.apply(gradientsOf({ 'a.filter': [0.3, -0.1, 2], 'b.filter': [-1] }), 0.01)
    optimiser.apply(gradientsOf({ 'a.filter': [-0.2, 0.4, 1], 'b.filter': [0.5] }), 0.02)
    optimiser.apply(gradientsOf({ 'a.filter': [0.1, 0.1, -3], 'b.filter': [0] }), 0.005)
    torch.forEach((value, i) => expect(valuesOf(parameters)[i]).toBeCloseTo(value, 6))
  })

  it('scales a gradient beyond the clip norm down to it and reports the norm before', () => {
    const clipped = parametersOf({ a: [0, 0] })
    expect(createOptimiser(clipped, SGD).apply(gradientsOf({ a: [30, 40] }), 0.1)).toBeCloseTo(
      50,
      4,
    )
    // 0.1 · (1 + 0.99) · (7.2, 9.6)
    expect(valuesOf(clipped)[0]).toBeCloseTo(-1.4328, 5)
    expect(valuesOf(clipped)[1]).toBeCloseTo(-1.9104, 5)
  })

  it.each([ADAM, SGD])('leaves biases and norms out of weight decay: $kind', (config) => {
    const parameters = parametersOf({ 'a.filter': [1], 'a.bias': [1] })
    createOptimiser(parameters, { ...config, weightDecay: 0.5 }).apply(
      gradientsOf({ 'a.filter': [0], 'a.bias': [0] }),
      0.1,
    )
    expect(valuesOf(parameters)[0]).toBeLessThan(0.96)
    expect(valuesOf(parameters)[1]).toBe(1)
  })

  it('changes nothing where the gradient is not a number', () => {
    const parameters = parametersOf({ a: [1, 2] })
    const optimiser = createOptimiser(parameters, ADAM)
    expect(optimiser.apply(gradientsOf({ a: [NaN, 1] }), 0.1)).toBeNaN()
    expect(valuesOf(parameters)).toEqual([1, 2])
    expect(optimiser.updates).toBe(0)
  })

  it.each([ADAM, SGD])('continues bit for bit from stored moments: $kind', async (config) => {
    const gradient = gradientsOf({ a: [0.3, -0.7] })
    const straight = parametersOf({ a: [1, 2] })
    const first = createOptimiser(straight, config)
    first.apply(gradient, 0.1)
    const moments = await first.moments()
    const middle = valuesOf(straight)
    first.apply(gradient, 0.1)

    const resumed = parametersOf({ a: middle })
    const second = createOptimiser(resumed, config)
    second.restore(moments, 1)
    second.apply(gradient, 0.1)
    expect(valuesOf(resumed)).toEqual(valuesOf(straight))
    expect(() => second.restore(new Map(), 1)).toThrow(RangeError)
  })

  it('leaves clones of the weights as they were', () => {
    const parameters = parametersOf({ a: [1, 2] })
    const clone = parameters.get('a')!.clone()
    const optimiser = createOptimiser(parameters, ADAM)
    for (let i = 0; i < 2; i++) optimiser.apply(gradientsOf({ a: [1, 1] }), 0.1)
    expect([...clone.dataSync()]).toEqual([1, 2])
    expect(valuesOf(parameters)[0]).toBeCloseTo(0.8, 5)
  })

  it.each([ADAM, SGD])('keeps no tensor from step to step: $kind', (config) => {
    const parameters = parametersOf({ a: [1, 2], b: [3] })
    const optimiser = createOptimiser(parameters, config)
    const gradients = gradientsOf({ a: [1, 1], b: [1] })
    optimiser.apply(gradients, 0.1)
    const before = tf.memory().numTensors
    for (let i = 0; i < 5; i++) optimiser.apply(gradients, 0.1)
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('the fused update', () => {
  beforeAll(async () => {
    await openBackend('wasm')
  })

  // Odd sizes, one beyond a task's stretch.
  const SIZES = { 'a.filter': 20011, 'b.bias': 3, 'c.filter': 37 }
  const waves = (phase: number): Record<string, number[]> =>
    Object.fromEntries(
      Object.entries(SIZES).map(([name, size]) => [
        name,
        Array.from({ length: size }, (_, i) => Math.sin(0.7 * i + phase) / 100),
      ]),
    )
  const afterSteps = (config: OptimiserConfig, isFused: boolean): number[] => {
    const parameters = parametersOf(waves(0))
    const optimiser = isFused
      ? createOptimiser(parameters, config)
      : createOptimiser(parameters, config, null)
    for (let step = 1; step <= 3; step++) optimiser.apply(gradientsOf(waves(step)), 0.01 * step)
    return valuesOf(parameters)
  }

  it.each([ADAM, SGD])('has the bits of the composed one: $kind', (config) => {
    const decaying = { ...config, weightDecay: 0.03 }
    expect(afterSteps(decaying, true)).toEqual(afterSteps(decaying, false))
  })

  it.each([ADAM, SGD])('agrees to rounding where it clips: $kind', (config) => {
    const clipping = { ...config, clipNorm: 0.5 }
    const composed = afterSteps(clipping, false)
    const largest = afterSteps(clipping, true).reduce(
      (worst, value, i) => Math.max(worst, Math.abs(value - composed[i])),
      0,
    )
    expect(largest).toBeLessThan(1e-7)
  })
})
