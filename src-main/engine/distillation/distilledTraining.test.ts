import { beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_DISTILLATION, type DistillationConfig } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { segmentationLoss } from '../losses/index.ts'
import { buildUNet, type Network } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import { createDistillation } from './createDistillation.ts'
import type { DistillationStrategy, TapShape, TapShapes } from './distillationStrategy.ts'
import { nestedBoxes, waveTensor } from './waveBatch.ts'

const network = (channels: number[], inputs: number, seed: number): Network =>
  buildUNet(
    { kind: 'unet', channels, convolutionsPerLevel: 1, residual: false, deepSupervision: false },
    inputs,
    4,
    randomStream(seed, 'init'),
  )

const patch: [number, number, number] = [4, 4, 8]
const fourSequences = waveTensor<tf.Rank.R5>([1, ...patch, 4], 0.8)
const oneSequence = fourSequences.slice([0, 0, 0, 0, 0], [1, ...patch, 1]) as tf.Tensor5D
const labels = nestedBoxes(1, patch)

function shapesOf(net: Network, input: tf.Tensor5D): TapShapes {
  const { taps, logits } = net.forward(input)
  const shapes = Object.entries(taps).map(([name, tap]): [string, TapShape] => {
    const [, depth, height, width, channels] = tap.shape
    return [name, [depth, height, width, channels]]
  })
  tf.dispose([...Object.values(taps), ...logits])
  return Object.fromEntries(shapes)
}

const gkd = { ...DEFAULT_DISTILLATION.gkd, weight: 1, gridSize: 2, embedding: 8, rampFraction: 0 }

/** @param guidanceAlone leaves the segmentation loss out, and with it the cap that follows its gradient */
function start(config: DistillationConfig, guidanceAlone = false) {
  const teacher = network([6, 8, 10], 4, 1)
  const student = network([4, 6, 8], 1, 2)
  const distillation = createDistillation(config, {
    stream: randomStream(3, 'distillation'),
    studentShapes: shapesOf(student, oneSequence),
    teacherShapes: shapesOf(teacher, fourSequences),
  })
  const teacherOutput = teacher.forward(fourSequences)
  if (distillation.needsObservation) {
    distillation.observeTeacher(teacherOutput, labels)
    distillation.finishObservation()
  }
  const variables = [...student.parameters.values(), ...distillation.parameters.values()]
  const oneHot = tf.oneHot(labels.flatten().toInt(), 4).toFloat() as tf.Tensor2D
  const segment = (logits: tf.Tensor5D): tf.Scalar =>
    segmentationLoss(logits, oneHot, { dice: 1, crossEntropy: 1 }).total
  const forward = (step: number) => {
    const output = student.forward(oneSequence, guidanceAlone ? undefined : distillation.splitTap)
    const input = { step, totalSteps: 40, student: output, teacher: teacherOutput, labels }
    return { output, guidance: distillation.loss(input) }
  }
  /** One step of plain gradient descent; returns the terms before it. */
  const descend = (step: number, rate: number): Record<string, number> => {
    const values: Record<string, number> = {}
    const { grads } = tf.variableGrads(() => {
      const { output, guidance } = forward(step)
      for (const [name, term] of Object.entries(guidance.terms)) values[name] = term.dataSync()[0]
      const ignored = output.logits[0].sum().mul<tf.Scalar>(0)
      return guidance.total.add<tf.Scalar>(guidanceAlone ? ignored : segment(output.logits[0]))
    }, variables)
    for (const variable of variables) {
      variable.assign(variable.sub(grads[variable.name].mul(rate)))
    }
    return values
  }
  return { teacher, student, distillation, descend }
}

const norms = (strategy: DistillationStrategy) => Object.entries(strategy.tapGradientNorms())

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('a student under gkd', () => {
  it('comes closer to the teacher in every term while the teacher stays as it was', () => {
    const { teacher, descend } = start(gkd)
    const before = [...teacher.parameters.values()].map((v) => v.dataSync().slice())
    const first = descend(0, 0.05)
    let last = first
    for (let step = 1; step < 40; step++) last = tf.tidy(() => descend(step, 0.05))
    for (const term of ['kd', 'node', 'relation', 'cross']) {
      expect(last[term], term).toBeLessThan(0.9 * first[term])
    }
    ;[...teacher.parameters.values()].forEach((v, i) => expect(v.dataSync()).toEqual(before[i]))
  })

  it('lets message passing move away from its start', () => {
    const { distillation, descend } = start(gkd)
    for (let step = 0; step < 3; step++) descend(step, 0.05)
    const moved = distillation.parameters.get('graph.message.0')!.abs().max().dataSync()[0]
    expect(moved).toBeGreaterThan(1e-4)
  })

  it('never gets more gradient at a tap from the graph than from the rest of the network', () => {
    const { distillation, descend } = start({ ...gkd, nodeWeight: 500 })
    expect(distillation.tapGradientNorms()).toEqual({})
    descend(20, 0)
    const recorded = norms(distillation)
    expect(recorded.map(([name]) => name).sort()).toEqual(['bottleneck', 'decoder.0', 'decoder.1'])
    for (const [, { network: own, distillation: graph, scale }] of recorded) {
      expect(graph).toBeGreaterThan(own)
      expect(scale * graph).toBeCloseTo(own, 5)
    }
  })

  it('gets the graph’s gradient in full where it is the smaller one', () => {
    const { distillation, descend } = start({
      ...gkd,
      nodeWeight: 1e-4,
      relationWeight: 1e-4,
      crossWeight: 1e-4,
    })
    descend(20, 0)
    for (const [, { distillation: graph, scale }] of norms(distillation)) {
      expect(graph).toBeGreaterThan(0)
      expect(scale).toBe(1)
    }
  })
})

describe.each([
  { ...DEFAULT_DISTILLATION.logits, weight: 1 },
  DEFAULT_DISTILLATION.hint,
  { ...DEFAULT_DISTILLATION.prototype, prototypeWeight: 5 },
])('a student under $strategy', (config) => {
  it('comes closer to the teacher', () => {
    const { descend } = start(config, true)
    const sum = (terms: Record<string, number>): number =>
      Object.values(terms).reduce((a, b) => a + b)
    const first = sum(descend(0, 0.02))
    let last = first
    for (let step = 1; step < 15; step++) last = sum(tf.tidy(() => descend(step, 0.02)))
    expect(last).toBeLessThan(0.95 * first)
  })
})
