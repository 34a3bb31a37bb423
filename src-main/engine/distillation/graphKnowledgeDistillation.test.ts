import { beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_DISTILLATION } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import type { NetworkOutput } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import type { DistillationInput, TapShapes } from './distillationStrategy.ts'
import type { GraphDistillation } from './graphDistillation.ts'
import { graphKnowledgeDistillation, type GkdConfig } from './graphKnowledgeDistillation.ts'
import { inspectGraph } from './inspectGraph.ts'
import { nestedBoxes, waveOutput } from './waveBatch.ts'

const patch: [number, number, number] = [4, 4, 5]
const teacherShapes: TapShapes = { bottleneck: [2, 2, 3, 5], 'decoder.0': [4, 4, 5, 3] }
const studentShapes: TapShapes = { bottleneck: [2, 2, 3, 4], 'decoder.0': [4, 4, 5, 2] }
const small: GkdConfig = {
  ...DEFAULT_DISTILLATION.gkd,
  gridSize: 2,
  embedding: 6,
  layers: ['bottleneck', 'decoder.*'],
}

function build(config: Partial<GkdConfig> = {}, students = studentShapes): GraphDistillation {
  const strategy = graphKnowledgeDistillation(
    { ...small, ...config },
    {
      stream: randomStream(5, 'distillation'),
      studentShapes: students,
      teacherShapes,
      classes: 4,
    },
  )
  strategy.observeTeacher(waveOutput(2, teacherShapes, patch, 1.1), nestedBoxes(2, patch))
  strategy.observeTeacher(waveOutput(2, teacherShapes, patch, 2.9), nestedBoxes(2, patch))
  strategy.finishObservation()
  return strategy
}

const batch = (student: NetworkOutput, step = 50): DistillationInput => ({
  step,
  totalSteps: 100,
  student,
  teacher: waveOutput(2, teacherShapes, patch, 1.1),
  labels: nestedBoxes(2, patch),
})

/** Gives the student the teacher's own projection, so that equal features have equal embeddings. */
function copyTeacherProjection(strategy: GraphDistillation): void {
  for (const [name, { shape, values }] of strategy.state()) {
    const [, layer, part] = /^teacher\.(.+)\.(matrix|offset)$/.exec(name)!
    const own = strategy.parameters.get(`graph.${part === 'matrix' ? 'embed' : 'layer'}.${layer}`)!
    own.assign(tf.tensor(values, shape as number[]))
  }
}

const read = (strategy: GraphDistillation, input: DistillationInput): Record<string, number> => {
  const { total, terms } = strategy.loss(input)
  const named = Object.entries({ total, ...terms })
  return Object.fromEntries(named.map(([name, x]) => [name, x.dataSync()[0]]))
}

const student = (): NetworkOutput => waveOutput(2, studentShapes, patch, 0.3)

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe.each(['grid', 'regions', 'depthSlices'] as const)('gkd over %s', (nodes) => {
  it('has no node, relation and voxel loss for a perfect student, at the minimum', () => {
    const strategy = build({ nodes }, teacherShapes)
    copyTeacherProjection(strategy)
    const perfect = waveOutput(2, teacherShapes, patch, 1.1)
    const { kd, node, relation } = read(strategy, batch(perfect))
    for (const term of [kd, node, relation]) expect(Math.abs(term)).toBeLessThan(2e-5)
    const other = read(strategy, batch(waveOutput(2, teacherShapes, patch, 0.3)))
    for (const name of ['kd', 'node', 'relation', 'cross']) {
      expect(other[name]).toBeGreaterThan(read(strategy, batch(perfect))[name] + 1e-3)
    }
  })

  it('with message passing at its start equals plain node distillation', () => {
    const plain = read(build({ nodes, messagePassing: 0 }), batch(student()))
    const passing = read(build({ nodes, messagePassing: 2 }), batch(student()))
    for (const name of Object.keys(plain)) expect(passing[name]).toBeCloseTo(plain[name], 5)
  })

  it('takes students and teachers of different width', () => {
    const terms = read(build({ nodes }), batch(student()))
    for (const term of Object.values(terms)) expect(Number.isFinite(term)).toBe(true)
    expect(terms.node).toBeGreaterThan(0.1)
    expect(terms.node).toBeLessThan(2)
  })
})

describe('gkd', () => {
  it('adds its terms with the weights of the plan and the ramp', () => {
    const strategy = build({ weight: 0.8 })
    const at = (step: number) => read(strategy, batch(student(), step))
    const { kd, node, relation, cross } = at(50)
    const graph = 0.5 * node + 2 * relation + 0.1 * cross
    expect(at(50).total).toBeCloseTo(0.8 * kd + graph, 5)
    expect(at(5).total).toBeCloseTo(0.8 * kd + 0.5 * graph, 5)
    expect(at(0).total).toBeCloseTo(0.8 * kd, 6)
    const sudden = build({ weight: 0.8, rampFraction: 0 })
    expect(read(sudden, batch(student(), 0)).total).toBeCloseTo(0.8 * kd + graph, 5)
  })

  it('is the same for a batch repeated, and for one sample of equal ones', () => {
    const strategy = build()
    const once = read(strategy, batch(student()))
    const repeat = (x: NetworkOutput): NetworkOutput => ({
      logits: x.logits.map((y) => tf.concat([y, y])),
      taps: Object.fromEntries(Object.entries(x.taps).map(([k, y]) => [k, tf.concat([y, y])])),
    })
    const input = batch(student())
    const twice = read(strategy, {
      ...input,
      student: repeat(input.student),
      teacher: repeat(input.teacher!),
      labels: tf.concat([input.labels!, input.labels!]),
    })
    for (const name of Object.keys(once)) expect(twice[name]).toBeCloseTo(once[name], 5)
  })

  it('does not grow with the crop: every voxel doubled along each axis gives the same terms', () => {
    const strategy = build({ nodes: 'regions' })
    const input = batch(student())
    const doubled = (x: tf.Tensor5D): tf.Tensor5D =>
      [1, 2, 3].reduce((y, axis) => repeatEach(y, axis), x)
    const larger = (x: NetworkOutput): NetworkOutput => ({
      logits: x.logits.map(doubled),
      taps: Object.fromEntries(Object.entries(x.taps).map(([k, y]) => [k, doubled(y)])),
    })
    const once = read(strategy, input)
    const labels = doubled(input.labels!.toFloat().expandDims(4)).squeeze<tf.Tensor4D>([4])
    const large = read(strategy, {
      ...input,
      student: larger(input.student),
      teacher: larger(input.teacher!),
      labels: labels.toInt(),
    })
    for (const name of Object.keys(once)) expect(large[name]).toBeCloseTo(once[name], 4)
  })

  it('skips a class that is absent', () => {
    const strategy = build({ nodes: 'regions' })
    const input = batch(student())
    const withoutCore = tf.where(input.labels!.equal(1), tf.zerosLike(input.labels!), input.labels!)
    const terms = read(strategy, { ...input, labels: withoutCore as tf.Tensor4D })
    for (const term of Object.values(terms)) expect(Number.isFinite(term)).toBe(true)
    const snapshot = inspectGraph(strategy, { ...input, labels: withoutCore as tf.Tensor4D })!
    expect(snapshot.present).toEqual([true, false, true, true])
    expect(snapshot.layers[0].nearest[1]).toBeNull()
    expect(snapshot.layers[0].similarities[1]).toEqual([null, null, null, null])
    expect(snapshot.layers[0].similarities[0][1]).toBeNull()
  })

  it('has nothing to say about nodes that are all the same but for their place', () => {
    const strategy = build({ nodes: 'regions' })
    const input = batch(student())
    const background = read(strategy, { ...input, labels: tf.zerosLike(input.labels!) })
    expect(background.relation).toBeCloseTo(0, 6)
    expect(background.cross).toBeCloseTo(0, 6)
  })

  it('learns from a batch without labels, from the teacher’s classes', () => {
    for (const nodes of ['grid', 'regions'] as const) {
      const input = batch(student())
      const teacherClasses = input.teacher!.logits[0].argMax<tf.Tensor4D>(4).toInt()
      const without = read(build({ nodes }), { ...input, labels: null })
      const withThem = read(build({ nodes }), { ...input, labels: teacherClasses as tf.Tensor4D })
      expect(without).toEqual(withThem)
    }
  })

  it('asks for the statistics first, and again says so in words', () => {
    const context = { stream: randomStream(5), studentShapes, teacherShapes, classes: 4 }
    const fresh = graphKnowledgeDistillation(small, context)
    expect(fresh.needsObservation).toBe(true)
    expect(() => fresh.loss(batch(student()))).toThrow(/before the first step/)
    expect(() => fresh.finishObservation()).toThrow(/No teacher features were observed/)
  })

  it('continues bit for bit from its state', () => {
    const first = build()
    const context = {
      stream: randomStream(5, 'distillation'),
      studentShapes,
      teacherShapes,
      classes: 4,
    }
    const second = graphKnowledgeDistillation(small, context)
    second.restore(first.state())
    expect(second.needsObservation).toBe(false)
    expect(read(second, batch(student()))).toEqual(read(first, batch(student())))
    const damaged = new Map(first.state())
    damaged.delete('teacher.decoder.0.offset')
    expect(() => second.restore(damaged)).toThrow(/"teacher.decoder.0.offset" is missing/)
  })

  it('shows the student’s nodes beside the teacher’s', () => {
    const strategy = build({}, teacherShapes)
    copyTeacherProjection(strategy)
    const snapshot = inspectGraph(strategy, batch(waveOutput(2, teacherShapes, patch, 1.1)), 1)!
    expect(snapshot.grid).toEqual([2, 2, 2])
    expect(snapshot.layers.map(({ layer }) => layer)).toEqual(['bottleneck', 'decoder.0'])
    expect(snapshot.touchesTumour.some(Boolean)).toBe(true)
    for (const { nearest, similarities } of snapshot.layers) {
      expect(nearest).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
      similarities.forEach((row, i) => expect(row[i]).toBeCloseTo(1, 4))
    }
  })
})

/** Every slice along an axis twice in a row. */
function repeatEach(x: tf.Tensor5D, axis: number): tf.Tensor5D {
  const slices = tf.unstack(x, axis).flatMap((slice) => [slice, slice])
  return tf.stack(slices, axis) as tf.Tensor5D
}
