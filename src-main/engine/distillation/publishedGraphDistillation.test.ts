import { beforeAll, describe, expect, it } from 'vitest'
import { GliadeskError } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import type { NetworkOutput } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import type { TapShape } from './distillationStrategy.ts'
import { publishedGraphDistillation } from './publishedGraphDistillation.ts'
import { waveTensor } from './waveBatch.ts'

type Edges = (count: number) => tf.Tensor3D

const output = (features: tf.Tensor5D): NetworkOutput => ({
  logits: [tf.zeros([features.shape[0], 1, 1, 1, 4])],
  taps: { bottleneck: features },
})

const build = (shape: TapShape, temperature: number, edges?: Edges, seed = 1) =>
  publishedGraphDistillation(
    { strategy: 'gkd-published', layer: 'bottleneck', temperature, weight: 1 },
    {
      stream: randomStream(seed, 'distillation'),
      studentShapes: { bottleneck: shape },
      teacherShapes: { bottleneck: shape },
    },
    edges,
  )

const shapeOf = (x: tf.Tensor5D): TapShape => x.shape.slice(1) as unknown as TapShape

/** The loss for one draw, or for given edges. */
function loss(
  student: tf.Tensor5D,
  teacher: tf.Tensor5D,
  temperature = 1,
  edges?: Edges,
): tf.Scalar {
  const strategy = build(shapeOf(student), temperature, edges)
  return strategy.loss({
    step: 0,
    totalSteps: 1,
    student: output(student),
    teacher: output(teacher),
    labels: null,
  }).total
}

/** W1 first, then W2, as sin(0.9 i + φ). */
function waveEdges(): Edges {
  const phases = [0.2, 1.3]
  return (count) => {
    const phase = phases.shift()!
    const values = Array.from({ length: count * count }, (_, i) => Math.sin(0.9 * i + phase))
    return tf.tensor3d(values, [1, count, count])
  }
}

const sameEdges: Edges = (count) =>
  tf.tensor3d(
    Array.from({ length: count * count }, (_, i) => Math.sin(2.3 * i)),
    [1, count, count],
  )

/** The released formula, one index at a time. Features in B×D×H×W×C memory order. */
function plainLoop(
  student: tf.Tensor5D,
  teacher: tf.Tensor5D,
  [w1, w2]: readonly (readonly number[])[],
  temperature: number,
): number {
  const [batch, depth, height, width, channels] = student.shape
  const s = student.dataSync()
  const t = teacher.dataSync()
  const at = (b: number, d: number, h: number, w: number, c: number): number =>
    (((b * depth + d) * height + h) * width + w) * channels + c
  const softmax = (values: number[]): number[] => {
    const powers = values.map(Math.exp)
    const sum = powers.reduce((x, y) => x + y, 0)
    return powers.map((power) => power / sum)
  }
  let total = 0
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < depth; i++) {
      for (let h = 0; h < height; h++) {
        const rows = (
          own: ArrayLike<number>,
          other: ArrayLike<number>,
          weights: readonly number[],
        ) =>
          Array.from({ length: channels }, (_, c) =>
            softmax(
              Array.from({ length: width }, (_, w) => {
                let y = own[at(b, i, h, w, c)]
                for (let j = 0; j < depth; j++) {
                  y += weights[i * depth + j] * other[at(b, j, h, w, c)]
                }
                return y
              }),
            ),
          )
        const p1 = rows(t, s, w1)
        const p2 = rows(s, t, w2)
        for (let w = 0; w < width; w++) {
          const q1 = softmax(p1.map((row) => row[w] / temperature))
          const q2 = softmax(p2.map((row) => row[w] / temperature))
          for (let c = 0; c < channels; c++) total += q2[c] * Math.log(q2[c] / q1[c])
        }
      }
    }
  }
  return (total * temperature ** 2) / batch
}

const value = (x: tf.Tensor): number => x.dataSync()[0]

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('released GKD loss', () => {
  // bench/reference/gkd_published.py (PyTorch, double precision)
  const student = () => waveTensor<tf.Rank.R5>([2, 4, 2, 5, 3], 0.3)
  const teacher = () => waveTensor<tf.Rank.R5>([2, 4, 2, 5, 3], 1.1)

  it.each([
    [1, 0.3132315718],
    [2, 0.3031869533],
    [4, 0.2960502536],
  ])('equals PyTorch at temperature %d', (temperature, expected) => {
    expect(value(loss(student(), teacher(), temperature, waveEdges()))).toBeCloseTo(expected, 5)
  })

  it('equals PyTorch in its gradient with respect to the student', () => {
    const gradient = tf
      .grad((s) => loss(s as tf.Tensor5D, teacher(), 2, waveEdges()))(student())
      .dataSync()
    const expected = [-0.0133151, 0.00444372, -0.0091169, 0.00968494]
    expected.forEach((x, i) => expect(gradient[i]).toBeCloseTo(x, 6))
    expect(Math.hypot(...gradient)).toBeCloseTo(0.15131245, 5)
  })

  it('equals a plain loop over every index, for a depth other than 6', () => {
    const wave = (phase: number) => Array.from({ length: 16 }, (_, i) => Math.sin(0.9 * i + phase))
    const expected = plainLoop(student(), teacher(), [wave(0.2), wave(1.3)], 3)
    expect(value(loss(student(), teacher(), 3, waveEdges()))).toBeCloseTo(expected, 5)
  })

  it('sends no gradient into the teacher', () => {
    const gradient = tf.grad((t) => loss(student(), t as tf.Tensor5D, 2, waveEdges()))(teacher())
    expect(Math.hypot(...gradient.dataSync())).toBe(0)
  })

  it('draws other edges at every call and continues the draws after a restore', () => {
    const strategy = build([4, 2, 5, 3], 1)
    const next = () =>
      value(
        strategy.loss({
          step: 0,
          totalSteps: 1,
          student: output(student()),
          teacher: output(teacher()),
          labels: null,
        }).total,
      )
    const first = next()
    const saved = strategy.state()
    const second = next()
    expect(second).not.toBe(first)
    strategy.restore(saved)
    expect(next()).toBe(second)
  })

  it('refuses features of different shapes, naming both', () => {
    const create = () =>
      publishedGraphDistillation(
        { strategy: 'gkd-published', layer: 'bottleneck', temperature: 1, weight: 1 },
        {
          stream: randomStream(1),
          studentShapes: { bottleneck: [4, 4, 4, 8] },
          teacherShapes: { bottleneck: [4, 4, 4, 16] },
        },
      )
    expect(create).toThrow(GliadeskError)
    expect(create).toThrow('4×4×4×8 and the teacher 4×4×4×16')
  })
})

describe('known defects of the released GKD loss', () => {
  const draws = randomStream(20, 'features')
  const normal = (shape: [number, number, number, number, number]): tf.Tensor5D =>
    tf.tensor5d(
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => draws.normal()),
      shape,
    )

  it('a perfect student is not the minimiser: shrinking its features lowers the loss', () => {
    const theta = normal([1, 6, 8, 8, 64])
    const meanOverDraws = (student: tf.Tensor5D): number =>
      tf.tidy(() => {
        const strategy = build(shapeOf(theta), 1)
        let sum = 0
        for (let draw = 0; draw < 20; draw++) {
          const terms = tf.tidy(() =>
            strategy
              .loss({
                step: 0,
                totalSteps: 1,
                student: output(student),
                teacher: output(theta),
                labels: null,
              })
              .total.dataSync(),
          )
          sum += terms[0]
        }
        return sum / 20
      })
    const perfect = meanOverDraws(theta)
    expect(perfect).toBeGreaterThan(1.2 * meanOverDraws(theta.div(3)))
    expect(perfect).toBeGreaterThan(1.1 * meanOverDraws(tf.zerosLike(theta)))
  })

  it('vanishes for a perfect student only where both draws of edges agree', () => {
    const theta = waveTensor<tf.Rank.R5>([1, 4, 3, 4, 2], 0.6)
    expect(value(loss(theta, theta, 1, sameEdges))).toBeCloseTo(0, 6)
    expect(value(loss(theta, theta, 1, waveEdges()))).toBeGreaterThan(0.02)
  })

  it('the temperature changes neither its size nor the direction of its gradient', () => {
    const s = normal([1, 4, 4, 8, 8])
    const t = normal([1, 4, 4, 8, 8])
    const at = (temperature: number) => ({
      loss: value(loss(s, t, temperature, waveEdges())),
      gradient: tf
        .grad((x) => loss(x as tf.Tensor5D, t, temperature, waveEdges()))(s)
        .dataSync(),
    })
    const cold = at(1)
    const hot = at(8)
    expect(hot.loss / cold.loss).toBeGreaterThan(0.85)
    expect(hot.loss / cold.loss).toBeLessThan(1.15)
    expect(cosine(cold.gradient, hot.gradient)).toBeGreaterThan(0.99)
  })

  it('grows with the size of the crop: twice the rows, twice the loss', () => {
    const s = waveTensor<tf.Rank.R5>([1, 4, 3, 4, 2], 0.6)
    const t = waveTensor<tf.Rank.R5>([1, 4, 3, 4, 2], 1.6)
    const single = value(loss(s, t, 1, waveEdges()))
    const twice = value(loss(tf.concat([s, s], 2), tf.concat([t, t], 2), 1, waveEdges()))
    expect(twice).toBeCloseTo(2 * single, 4)
  })

  it('depends on which axis is called the last one', () => {
    const s = waveTensor<tf.Rank.R5>([1, 4, 4, 4, 2], 0.6)
    const t = waveTensor<tf.Rank.R5>([1, 4, 4, 4, 2], 1.6)
    const swapped = (x: tf.Tensor5D): tf.Tensor5D => x.transpose([0, 1, 3, 2, 4])
    const upright = value(loss(s, t, 1, waveEdges()))
    const turned = value(loss(swapped(s), swapped(t), 1, waveEdges()))
    expect(Math.abs(upright - turned) / upright).toBeGreaterThan(0.02)
  })

  it('its target follows the student', () => {
    const t = waveTensor<tf.Rank.R5>([1, 4, 3, 4, 2], 1.6)
    const target = (student: tf.Tensor5D): Float32Array =>
      build(shapeOf(t), 1, waveEdges())
        .forward({
          step: 0,
          totalSteps: 1,
          student: output(student),
          teacher: output(t),
          labels: null,
        })
        .readout.teacher[0].dataSync() as Float32Array
    const ofOne = target(waveTensor<tf.Rank.R5>([1, 4, 3, 4, 2], 0.6))
    const ofNone = target(tf.zerosLike(t))
    expect(Math.hypot(...ofOne.map((x, i) => x - ofNone[i]))).toBeGreaterThan(1)
  })
})

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let dot = 0
  let aa = 0
  let bb = 0
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i]
    aa += a[i] ** 2
    bb += b[i] ** 2
  }
  return dot / Math.sqrt(aa * bb)
}
