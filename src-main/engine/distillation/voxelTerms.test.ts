import { beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_DISTILLATION, type DistillationConfig } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { tf } from '../tensor.ts'
import { createDistillation } from './createDistillation.ts'
import type { DistillationInput, DistillationStrategy, TapShapes } from './distillationStrategy.ts'
import { nestedBoxes, waveOutput } from './waveBatch.ts'

// Golden numbers: bench/reference/gkd_terms.py (PyTorch, double precision)
const patch: [number, number, number] = [4, 4, 5]
const studentShapes: TapShapes = { 'decoder.0': [4, 4, 5, 3] }
const teacherShapes: TapShapes = { 'decoder.0': [4, 4, 5, 5] }

const create = (config: DistillationConfig): DistillationStrategy =>
  createDistillation(config, { stream: randomStream(2), studentShapes, teacherShapes })

const batch = (): DistillationInput => ({
  step: 3,
  totalSteps: 10,
  student: waveOutput(2, studentShapes, patch, 0.3),
  teacher: waveOutput(2, teacherShapes, patch, 1.1),
  labels: nestedBoxes(2, patch),
})

const read = (config: DistillationConfig, input = batch()): Record<string, number> => {
  const { total, terms } = create(config).loss(input)
  return Object.fromEntries(
    Object.entries({ total, ...terms }).map(([name, x]) => [name, x.dataSync()[0]]),
  )
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('logit distillation', () => {
  it.each([
    [1, 0.43810388],
    [2, 0.56747163],
    [10, 0.63559669],
  ])('equals PyTorch at temperature %d', (temperature, expected) => {
    const plain = {
      ...DEFAULT_DISTILLATION.logits,
      temperature,
      voxelWeighting: 'uniform',
    } as const
    expect(read({ ...plain, weight: 1 }).kd).toBeCloseTo(expected, 5)
    expect(read({ ...plain, weight: 3 }).total).toBeCloseTo(3 * expected, 5)
  })

  it('is 0 for a perfect student and needs no label', () => {
    const teacher = waveOutput(2, studentShapes, patch, 1.1)
    const perfect = { ...batch(), student: teacher, teacher, labels: null }
    expect(read(DEFAULT_DISTILLATION.logits, perfect).total).toBeCloseTo(0, 6)
  })
})

describe('voxel term of gkd', () => {
  const graph = (temperature: number, labels: tf.Tensor4D | null): number => {
    const strategy = create({
      ...DEFAULT_DISTILLATION.gkd,
      layers: ['decoder.0'],
      temperature,
      voxelWeighting: 'true-class',
    })
    strategy.observeTeacher(batch().teacher!, labels)
    strategy.finishObservation()
    return strategy.loss({ ...batch(), labels }).terms.kd.dataSync()[0]
  }

  it.each([
    [1, 0.1112874, 0.29144093],
    [2, 0.14342898, 0.38128091],
    [10, 0.16051103, 0.42849567],
  ])('trusts the teacher by its probability of the class, at temperature %d', (t, known, none) => {
    expect(graph(t, nestedBoxes(2, patch))).toBeCloseTo(known, 5)
    expect(graph(t, null)).toBeCloseTo(none, 5)
  })
})

describe('label smoothing', () => {
  it('adds what PyTorch’s label_smoothing adds to the cross-entropy', () => {
    const { labelSmoothing } = read(DEFAULT_DISTILLATION['label-smoothing'])
    expect(labelSmoothing).toBeCloseTo(0.0005086759, 6)
  })

  it('adds nothing where there is no label', () => {
    const input = { ...batch(), teacher: null, labels: null }
    expect(read(DEFAULT_DISTILLATION['label-smoothing'], input)).toEqual({ total: 0 })
  })
})

describe('prototype distillation', () => {
  it('equals PyTorch, with networks of different width', () => {
    const { kd, prototype, total } = read(DEFAULT_DISTILLATION.prototype)
    expect(kd).toBeCloseTo(0.00158899, 7)
    expect(prototype).toBeCloseTo(0.7023508735, 4)
    expect(total).toBeCloseTo(10 * kd + 0.1 * prototype, 6)
  })

  it('leaves a class out that no voxel has', () => {
    const input = { ...batch(), labels: tf.zerosLike(batch().labels!) }
    const { prototype } = read(DEFAULT_DISTILLATION.prototype, input)
    expect(prototype).toBeGreaterThan(0)
    expect(prototype).toBeLessThan(4)
  })
})

describe('hint', () => {
  it('is about 1 for a student that knows nothing and 0 for one whose map fits', () => {
    const shapes: TapShapes = { bottleneck: [2, 2, 3, 4] }
    const strategy = createDistillation(DEFAULT_DISTILLATION.hint, {
      stream: randomStream(2),
      studentShapes: shapes,
      teacherShapes: shapes,
    })
    const teacher = waveOutput(2, shapes, patch, 1.1)
    strategy.observeTeacher(teacher, null)
    strategy.finishObservation()
    const input = { ...batch(), teacher, student: teacher }
    strategy.parameters.get('hint.weight')!.assign(tf.zeros([4, 4]))
    expect(strategy.loss(input).terms.hint.dataSync()[0]).toBeCloseTo(1, 4)
    const state = strategy.state()
    const inverse = tf.tensor1d(state.get('teacher.inverseDeviation')!.values)
    const mean = tf.tensor1d(state.get('teacher.mean')!.values)
    strategy.parameters.get('hint.weight')!.assign(tf.diag(inverse) as tf.Tensor2D)
    strategy.parameters.get('hint.bias')!.assign(mean.mul(inverse).neg())
    expect(strategy.loss(input).terms.hint.dataSync()[0]).toBeCloseTo(0, 5)
  })
})

describe('generalised distillation', () => {
  const wide: TapShapes = { bottleneck: [2, 2, 3, 4] }
  const narrow: TapShapes = { bottleneck: [2, 2, 3, 3] }
  const build = (students: TapShapes): DistillationStrategy =>
    createDistillation(DEFAULT_DISTILLATION['kd-net'], {
      stream: randomStream(2),
      studentShapes: students,
      teacherShapes: wide,
    })

  it('is 0 for a perfect student, in answers and in latent code', () => {
    const teacher = waveOutput(2, wide, patch, 1.1)
    const { total, terms } = build(wide).loss({ ...batch(), student: teacher, teacher })
    for (const x of [total, terms.kd, terms.latent]) expect(x.dataSync()[0]).toBeCloseTo(0, 6)
  })

  it('reads the code as a distribution over channels: a shared offset of a voxel says nothing', () => {
    const teacher = waveOutput(2, wide, patch, 1.1)
    const student = {
      ...teacher,
      taps: { bottleneck: teacher.taps.bottleneck.add<tf.Tensor5D>(5) },
    }
    expect(
      build(wide)
        .loss({ ...batch(), student, teacher })
        .terms.latent.dataSync()[0],
    ).toBeCloseTo(0, 5)
  })

  it('equals PyTorch, and mixes its terms with the plan’s weights', () => {
    const teacher = waveOutput(2, wide, patch, 1.1)
    const student = waveOutput(2, wide, patch, 0.3)
    const { total, terms } = build(wide).loss({ ...batch(), student, teacher })
    const [kd, latent] = [terms.kd.dataSync()[0], terms.latent.dataSync()[0]]
    expect(latent).toBeCloseTo(0.1521035, 5)
    expect(total.dataSync()[0]).toBeCloseTo(0.3 * (kd + latent), 5)
  })

  it('maps a student of fewer channels, and nothing where they are alike', () => {
    expect([...build(wide).parameters.keys()]).toEqual([])
    const strategy = build(narrow)
    expect(strategy.parameters.get('latent.map')!.shape).toEqual([3, 4])
    const student = waveOutput(2, narrow, patch, 0.3)
    const teacher = waveOutput(2, wide, patch, 1.1)
    expect(
      strategy.loss({ ...batch(), student, teacher }).terms.latent.dataSync()[0],
    ).toBeGreaterThan(0)
  })
})

describe('privileged distillation', () => {
  const shapes: TapShapes = { bottleneck: [2, 2, 3, 4] }
  const observed = (): DistillationStrategy => {
    const strategy = createDistillation(DEFAULT_DISTILLATION.pmkl, {
      stream: randomStream(2),
      studentShapes: shapes,
      teacherShapes: shapes,
    })
    for (const phase of [0.2, 0.9, 1.7, 2.6]) {
      strategy.observeTeacher(waveOutput(2, shapes, patch, phase), null)
    }
    strategy.finishObservation()
    return strategy
  }
  const contrast = (strategy: DistillationStrategy, student: number, teacher: number): number => {
    const input = {
      ...batch(),
      student: waveOutput(2, shapes, patch, student),
      teacher: waveOutput(2, shapes, patch, teacher),
    }
    return strategy.loss(input).terms.contrastive.dataSync()[0]
  }
  /** The student's map becomes the teacher's own standardisation. */
  const asTheTeacher = (strategy: DistillationStrategy): void => {
    const state = strategy.state()
    const inverse = tf.tensor1d(state.get('teacher.inverseDeviation')!.values)
    const mean = tf.tensor1d(state.get('teacher.mean')!.values)
    strategy.parameters.get('code.map')!.assign(tf.diag(inverse) as tf.Tensor2D)
    strategy.parameters.get('code.bias')!.assign(mean.mul(inverse).neg())
  }

  it('is least for the student that codes a patch as the teacher does', () => {
    const strategy = observed()
    asTheTeacher(strategy)
    expect(contrast(strategy, 3.3, 3.3)).toBeLessThan(contrast(strategy, 0.2, 3.3))
    expect(contrast(strategy, 3.3, 3.3)).toBeLessThan(Math.log(9))
  })

  it('keeps the observed codes as negatives, and takes them back from a checkpoint', () => {
    const strategy = observed()
    expect(strategy.state().get('teacher.bank')!.shape).toEqual([8, 4])
    const other = createDistillation(DEFAULT_DISTILLATION.pmkl, {
      stream: randomStream(2),
      studentShapes: shapes,
      teacherShapes: shapes,
    })
    expect(other.needsObservation).toBe(true)
    other.restore(strategy.state())
    expect(other.needsObservation).toBe(false)
    expect(contrast(other, 0.3, 1.1)).toBe(contrast(strategy, 0.3, 1.1))
  })

  it('weighs the answers by the teacher’s probability of the true class', () => {
    const input = {
      ...batch(),
      student: waveOutput(2, shapes, patch, 0.3),
      teacher: waveOutput(2, shapes, patch, 1.1),
    }
    expect(observed().loss(input).terms.kd.dataSync()[0]).toBeCloseTo(0.14342898, 5)
  })
})
