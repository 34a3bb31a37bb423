import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  DEFAULT_DISTILLATION,
  distillationSchema,
  DISTILLATION_STRATEGIES,
  GliadeskError,
  VOXEL_WEIGHTINGS,
  type DistillationConfig,
} from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { openBackend } from '../backends/index.ts'
import type { NetworkOutput } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import { createDistillation } from './createDistillation.ts'
import type { DistillationInput, DistillationStrategy, TapShapes } from './distillationStrategy.ts'
import { inspectGraph } from './inspectGraph.ts'
import { nestedBoxes, waveOutput, waveTensor } from './waveBatch.ts'

type Patch = [number, number, number]

const patch: Patch = [4, 4, 5]
const shapes: TapShapes = { bottleneck: [2, 2, 3, 4], 'decoder.0': [4, 4, 5, 3] }

const gkd = { ...DEFAULT_DISTILLATION.gkd, gridSize: 2, embedding: 6, rampFraction: 0 }
const CASES: [string, DistillationConfig][] = [
  ...DISTILLATION_STRATEGIES.filter((name) => name !== 'none' && name !== 'gkd').map(
    (name): [string, DistillationConfig] => [name, DEFAULT_DISTILLATION[name]],
  ),
  ...VOXEL_WEIGHTINGS.map((voxelWeighting): [string, DistillationConfig] => [
    `logits, ${voxelWeighting}`,
    { ...DEFAULT_DISTILLATION.logits, voxelWeighting },
  ]),
  ['prototype, foreground', { ...DEFAULT_DISTILLATION.prototype, voxelWeighting: 'foreground' }],
  ['gkd over a grid', { ...gkd, messagePassing: 2 }],
  ['gkd over regions', { ...gkd, nodes: 'regions', projection: 'orthogonal' }],
  ['gkd over slices', { ...gkd, nodes: 'depthSlices', layers: ['decoder.0'] }],
]

function create(config: DistillationConfig, taps: TapShapes = shapes, from: Patch = patch) {
  const strategy = createDistillation(config, {
    stream: randomStream(11, 'distillation'),
    studentShapes: taps,
    teacherShapes: taps,
  })
  if (strategy.needsObservation) {
    tf.tidy(() => strategy.observeTeacher(waveOutput(2, taps, from, 1.1), nestedBoxes(2, from)))
    strategy.finishObservation()
  }
  // Everything learned away from 0, so that no path of the gradient is closed.
  let phase = 0.1
  for (const [name, variable] of strategy.parameters) {
    if (name.includes('message')) {
      tf.tidy(() => variable.assign(waveTensor(variable.shape, (phase += 0.2)).mul(0.3)))
    }
  }
  return strategy
}

const batch = (student: NetworkOutput, taps: TapShapes = shapes): DistillationInput => ({
  step: 5,
  totalSteps: 10,
  student,
  teacher: waveOutput(2, taps, patch, 1.1),
  labels: nestedBoxes(2, patch),
  // The second sample's teacher weighs less, differently at every voxel.
  trust: tf.concat(
    [
      tf.ones([1, ...patch]),
      waveTensor([1, ...patch], 0.9)
        .abs()
        .mul(0.5),
    ],
    0,
  ),
})

const student = (): NetworkOutput => waveOutput(2, shapes, patch, 0.3)

/** Everything of an output that a loss may read, by name. */
const readable = (output: NetworkOutput): [string, tf.Tensor5D][] => [
  ['logits', output.logits[0]],
  ...Object.entries(output.taps),
]

const withTensors = (tensors: readonly tf.Tensor[]): NetworkOutput => ({
  logits: [tensors[0] as tf.Tensor5D],
  taps: Object.fromEntries(
    Object.keys(shapes).map((name, i) => [name, tensors[i + 1] as tf.Tensor5D]),
  ),
})

/** Loss and gradient with respect to logits and taps of the student; edges start at the same draw each time. */
function lossAndGradients(
  strategy: DistillationStrategy,
  start: ReturnType<DistillationStrategy['state']>,
) {
  const evaluate = (tensors: readonly tf.Tensor[]): tf.Scalar => {
    if (start.size > 0) strategy.restore(start)
    const { total } = strategy.loss(batch(withTensors(tensors)))
    // Keeps every input on the path, so that an unread one has gradient 0 instead of none.
    return tensors.reduce<tf.Scalar>((sum, x) => sum.add(x.sum().mul(0)), total)
  }
  return { evaluate, gradients: tf.valueAndGrads((...tensors) => evaluate(tensors)) }
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('defaults', () => {
  it.each(DISTILLATION_STRATEGIES)('of %s are a valid plan', (name) => {
    expect(distillationSchema.parse(DEFAULT_DISTILLATION[name])).toEqual(DEFAULT_DISTILLATION[name])
  })
})

describe.each(CASES)('%s', (_, config) => {
  it('has the gradient that finite differences find, in every feature it reads', () => {
    const strategy = create(config)
    const start = strategy.state()
    const { evaluate, gradients } = lossAndGradients(strategy, start)
    const inputs = readable(student()).map(([, x]) => x)
    const { grads } = gradients(inputs)
    let reached = 0
    inputs.forEach((x, index) => {
      const direction = waveTensor(x.shape, 2.7 + index)
      const at = (amount: number): number => {
        const moved = inputs.map((y, i) => (i === index ? y.add(direction.mul(amount)) : y))
        return evaluate(moved).dataSync()[0]
      }
      const step = 2e-2
      const expected = (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step)
      const found = grads[index].mul(direction).sum().dataSync()[0]
      const size = grads[index].square().sum().sqrt().dataSync()[0]
      if (size > 0) reached++
      expect(Math.abs(found - expected)).toBeLessThan(0.01 * Math.abs(expected) + 2e-4)
    })
    expect(reached).toBeGreaterThan(0)
  })

  it('has the gradient that finite differences find, in everything it trains', () => {
    const strategy = create(config)
    const variables = [...strategy.parameters.values()]
    if (variables.length === 0) return expect(strategy.parameters.size).toBe(0)
    const loss = (): tf.Scalar => strategy.loss(batch(student())).total
    const { grads } = tf.variableGrads(loss, variables)
    for (const variable of variables) {
      const before = variable.clone()
      const direction = waveTensor(variable.shape, 1.9)
      const at = (amount: number): number => {
        variable.assign(before.add(direction.mul(amount)))
        return loss().dataSync()[0]
      }
      const step = 3e-3
      const expected = (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step)
      variable.assign(before)
      const found = grads[variable.name].mul(direction).sum().dataSync()[0]
      expect(Math.abs(found - expected)).toBeLessThan(0.01 * Math.abs(expected) + 2e-4)
    }
    return undefined
  })

  it('sends nothing back into the teacher', () => {
    const strategy = create(config)
    const input = batch(student())
    const teacher = readable(input.teacher!).map(([, x]) => x)
    const { grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
      const { total } = strategy.loss({ ...input, teacher: withTensors(tensors) })
      return tensors.reduce<tf.Scalar>((sum, x) => sum.add(x.sum().mul(0)), total)
    })(teacher)
    for (const gradient of grads) expect(gradient.abs().max().dataSync()[0]).toBe(0)
  })

  it.each([
    ['features that are 0', 0, 0],
    ['features that are all the same', 0, 3],
    ['features a million times as large', 1e6, 0],
  ])('stays finite for %s', (_name, scale, offset) => {
    const strategy = create(config)
    const { gradients } = lossAndGradients(strategy, strategy.state())
    const inputs = readable(student()).map(([, x]) => x.mul<tf.Tensor5D>(scale).add(offset))
    const { value, grads } = gradients(inputs)
    for (const x of [value, ...grads]) expect(x.dataSync().every(Number.isFinite)).toBe(true)
  })

  it('stays finite for a patch of one voxel', () => {
    const one: TapShapes = { bottleneck: [1, 1, 1, 4], 'decoder.0': [1, 1, 1, 3] }
    const strategy = create(config, one, [1, 1, 1])
    const { total, terms } = strategy.loss({
      step: 5,
      totalSteps: 10,
      student: waveOutput(1, one, [1, 1, 1], 0.3),
      teacher: waveOutput(1, one, [1, 1, 1], 1.1),
      labels: tf.ones([1, 1, 1, 1], 'int32'),
    })
    for (const x of [total, ...Object.values(terms)]) {
      expect(Number.isFinite(x.dataSync()[0])).toBe(true)
    }
  })

  it('frees all it made', () => {
    const before = tf.memory().numTensors
    const strategy = create(config)
    tf.tidy(() => {
      const input = batch(student())
      strategy.loss(input)
      inspectGraph(strategy, input)
    })
    strategy.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('none', () => {
  it('adds nothing and needs nothing', () => {
    const strategy = create(DEFAULT_DISTILLATION.none)
    expect(strategy.needsTeacher).toBe(false)
    const { total, terms } = strategy.loss({ ...batch(student()), teacher: null })
    expect(total.dataSync()[0]).toBe(0)
    expect(terms).toEqual({})
    expect(inspectGraph(strategy, batch(student()))).toBeNull()
  })
})

describe('a plan', () => {
  it('that names a layer the networks lack is refused with the layers they have', () => {
    const wrong = () => create({ ...DEFAULT_DISTILLATION.hint, layer: 'decoder.7' })
    expect(wrong).toThrow(GliadeskError)
    expect(wrong).toThrow('"decoder.7"')
    try {
      wrong()
    } catch (problem) {
      expect((problem as GliadeskError).remedy).toBe('Choose among bottleneck, decoder.0.')
    }
  })

  it('orders layers as the network computes them', () => {
    const deep: TapShapes = {
      'encoder.0': [4, 4, 4, 2],
      'encoder.1': [2, 2, 2, 2],
      bottleneck: [1, 1, 1, 2],
      'decoder.0': [4, 4, 4, 2],
      'decoder.1': [2, 2, 2, 2],
    }
    const layers = ['decoder.*', 'bottleneck', 'encoder.1']
    expect(create({ ...gkd, layers }, deep, [4, 4, 4]).taps).toEqual([
      'encoder.1',
      'bottleneck',
      'decoder.1',
      'decoder.0',
    ])
  })
})

describe('on WebAssembly', () => {
  const reference = new Map<string, number[][]>()
  const run = (config: DistillationConfig): number[][] => {
    const strategy = create(config)
    const { gradients } = lossAndGradients(strategy, strategy.state())
    const { value, grads } = gradients(readable(student()).map(([, x]) => x))
    return [value, ...grads].map((x) => Array.from(x.dataSync()))
  }

  beforeAll(async () => {
    for (const [name, config] of CASES) reference.set(name, run(config))
    await openBackend('wasm')
  })
  beforeEach(() => expect(tf.getBackend()).not.toBe('cpu'))
  afterAll(async () => {
    await tf.setBackend('cpu')
  })

  it.each(CASES)('%s has the same loss and gradients', (name, config) => {
    const found = run(config)
    reference.get(name)!.forEach((values, index) => {
      const scale = Math.max(1e-6, ...values.map(Math.abs))
      values.forEach((x, i) => expect(Math.abs(found[index][i] - x) / scale).toBeLessThan(1e-3))
    })
  })
})
