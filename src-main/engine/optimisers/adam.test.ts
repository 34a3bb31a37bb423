import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../tensor.ts'
import { ADAM_DEFAULTS, createAdam } from './adam.ts'

const parametersOf = (values: Record<string, number[]>): Map<string, tf.Variable> =>
  new Map(Object.entries(values).map(([name, x]) => [name, tf.variable(tf.tensor1d(x))]))
const gradientsOf = (values: Record<string, number[]>): Map<string, tf.Tensor> =>
  new Map(Object.entries(values).map(([name, x]) => [name, tf.tensor1d(x)]))
const valuesOf = (parameters: Map<string, tf.Variable>): number[] =>
  [...parameters.values()].flatMap((x) => [...x.dataSync()])

beforeAll(async () => {
  await tf.setBackend('cpu')
})
afterEach(() => tf.disposeVariables())

describe('Adam', () => {
  it('follows PyTorch AdamW over three steps', () => {
    const parameters = parametersOf({ 'a.filter': [1, -2, 0.5], 'b.filter': [3] })
    const adam = createAdam(parameters, { ...ADAM_DEFAULTS, weightDecay: 0.1 })
    adam.apply(gradientsOf({ 'a.filter': [0.3, -0.1, 2], 'b.filter': [-1] }), 0.01)
    adam.apply(gradientsOf({ 'a.filter': [-0.2, 0.4, 1], 'b.filter': [0.5] }), 0.02)
    adam.apply(gradientsOf({ 'a.filter': [0.1, 0.1, -3], 'b.filter': [0] }), 0.005)
    const torch = [0.98224698, -1.99707119, 0.47005235, 3.00583898]
    torch.forEach((value, i) => expect(valuesOf(parameters)[i]).toBeCloseTo(value, 5))
  })

  it('scales a gradient beyond the clip norm down to it and reports the norm before', () => {
    const clipped = parametersOf({ a: [0, 0] })
    const plain = parametersOf({ a: [0, 0] })
    // epsilon of 1 makes Adam's step depend on the gradient's size
    const config = { ...ADAM_DEFAULTS, epsilon: 1 }
    expect(createAdam(clipped, config).apply(gradientsOf({ a: [30, 40] }), 0.1)).toBeCloseTo(50, 4)
    createAdam(plain, config).apply(gradientsOf({ a: [7.2, 9.6] }), 0.1)
    valuesOf(clipped).forEach((value, i) => expect(value).toBeCloseTo(valuesOf(plain)[i], 6))
  })

  it('leaves biases and norms out of weight decay', () => {
    const parameters = parametersOf({ 'a.filter': [1], 'a.bias': [1] })
    createAdam(parameters, { ...ADAM_DEFAULTS, weightDecay: 0.5 }).apply(
      gradientsOf({ 'a.filter': [0], 'a.bias': [0] }),
      0.1,
    )
    expect(valuesOf(parameters)[0]).toBeCloseTo(0.95, 6)
    expect(valuesOf(parameters)[1]).toBe(1)
  })

  it('changes nothing where the gradient is not a number', () => {
    const parameters = parametersOf({ a: [1, 2] })
    const adam = createAdam(parameters, ADAM_DEFAULTS)
    expect(adam.apply(gradientsOf({ a: [NaN, 1] }), 0.1)).toBeNaN()
    expect(valuesOf(parameters)).toEqual([1, 2])
    expect(adam.updates).toBe(0)
  })

  it('continues bit for bit from stored moments', async () => {
    const gradient = gradientsOf({ a: [0.3, -0.7] })
    const straight = parametersOf({ a: [1, 2] })
    const first = createAdam(straight, ADAM_DEFAULTS)
    first.apply(gradient, 0.1)
    const moments = await first.moments()
    const middle = valuesOf(straight)
    first.apply(gradient, 0.1)

    const resumed = parametersOf({ a: middle })
    const second = createAdam(resumed, ADAM_DEFAULTS)
    second.restore(moments, 1)
    second.apply(gradient, 0.1)
    expect(valuesOf(resumed)).toEqual(valuesOf(straight))
  })

  it('keeps no tensor from step to step', () => {
    const parameters = parametersOf({ a: [1, 2], b: [3] })
    const adam = createAdam(parameters, ADAM_DEFAULTS)
    const gradients = gradientsOf({ a: [1, 1], b: [1] })
    adam.apply(gradients, 0.1)
    const before = tf.memory().numTensors
    for (let i = 0; i < 5; i++) adam.apply(gradients, 0.1)
    expect(tf.memory().numTensors).toBe(before)
  })
})
