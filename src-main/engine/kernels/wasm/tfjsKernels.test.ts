import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../../tensor.ts'
import { registerSharedMemoryBackend } from './registerSharedMemoryBackend.ts'

let backend: string

beforeAll(async () => {
  backend = registerSharedMemoryBackend({ threads: 2, relaxedSimd: true })
  await tf.setBackend(backend)
})

type Program = (...inputs: tf.Tensor[]) => tf.Tensor

/** The same values whatever the backend. */
function sample(shape: number[], seed: number, low = -2, high = 2): number[] {
  const count = shape.reduce((product, size) => product * size, 1)
  let state = seed
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return low + ((high - low) * state) / 2 ** 32
  })
}

async function evaluate(
  name: string,
  program: Program,
  inputs: readonly { values: number[]; shape: number[] }[],
): Promise<{ values: number[]; shape: number[]; gradients: number[][] }> {
  await tf.setBackend(name)
  const tensors = inputs.map(({ values, shape }) => tf.tensor(values, shape))
  const y = tf.tidy(() => program(...tensors))
  const gradients = tf.grads((...xs: tf.Tensor[]) => program(...xs))(tensors)
  const result = {
    values: [...y.dataSync()],
    shape: y.shape,
    gradients: gradients.map((gradient) => [...gradient.dataSync()]),
  }
  tf.dispose([...tensors, y, ...gradients])
  return result
}

const A = [3, 4, 5]
const POSITIVE = [0.1, 3] as const

const PROGRAMS: readonly (readonly [string, Program, number[][], (readonly [number, number])?])[] =
  [
    ['add, same shape', (a, b) => a!.add(b!), [A, A]],
    ['add, scalar right', (a, b) => a!.add(b!), [A, []]],
    ['sub, scalar left', (a, b) => a!.sub(b!), [[], A]],
    ['mul, last axis', (a, b) => a!.mul(b!), [A, [5]]],
    ['mul, middle axis', (a, b) => a!.mul(b!), [A, [4, 1]]],
    [
      'mul, both repeated',
      (a, b) => a!.mul(b!),
      [
        [3, 1, 5],
        [4, 1],
      ],
    ],
    [
      'mul, four axes mixed',
      (a, b) => a!.mul(b!),
      [
        [2, 1, 3, 1, 4],
        [1, 5, 1, 2, 4],
      ],
    ],
    ['div', (a, b) => a!.div(b!), [A, A], POSITIVE],
    ['maximum and minimum', (a, b) => a!.maximum(b!).add(a!.minimum(b!.mul(0.5))), [A, A]],
    ['squaredDifference', (a, b) => tf.squaredDifference(a!, b!), [A, A]],
    ['exp and neg', (a) => a!.neg().exp(), [A]],
    ['log', (a) => a!.log(), [A], POSITIVE],
    ['sqrt and reciprocal', (a) => a!.sqrt().reciprocal(), [A], POSITIVE],
    ['rsqrt', (a) => a!.rsqrt(), [A], POSITIVE],
    ['square and abs', (a) => a!.square().add(a!.abs()), [A]],
    ['relu and leakyRelu', (a) => a!.relu().add(tf.leakyRelu(a!, 0.1)), [A]],
    ['sigmoid', (a) => a!.sigmoid(), [A]],
    ['clipByValue', (a) => a!.clipByValue(-0.5, 1), [A]],
    ['sum of all', (a) => a!.sum(), [A]],
    ['sum, first axis', (a) => a!.sum(0), [[7, 6]]],
    ['sum, last axis kept', (a) => a!.sum(-1, true), [A]],
    ['sum, axes with a gap', (a) => a!.sum([0, 2]), [A]],
    ['mean, middle axes', (a) => a!.mean([1, 2]), [[2, 3, 4, 5]]],
    ['max, last axis', (a) => a!.max(-1), [[6, 7]]],
    ['min, first axis', (a) => a!.min(0), [[6, 7]]],
    ['softmax', (a) => tf.softmax(a!).mul(a!), [[9, 4]]],
    ['logSoftmax, seven classes', (a) => tf.logSoftmax(a!).mul(a!), [[5, 7]]],
    ['transpose, matrix', (a) => a!.transpose(), [[6, 5]]],
    ['transpose, rank 4', (a) => a!.transpose([2, 0, 3, 1]).square(), [[2, 3, 4, 5]]],
    [
      'slice, rank 5',
      (a) => tf.slice(a!, [0, 1, 0, 2, 1], [2, 2, 3, 2, 1]).square(),
      [[2, 3, 3, 5, 2]],
    ],
    ['reverse', (a) => tf.reverse(a!, [0, 2]).mul(a!), [A]],
    ['tile', (a) => tf.tile(a!, [2, 1, 3]).square(), [[2, 3, 2]]],
    [
      'concat',
      (a, b) => tf.concat([a!, b!], 1).square(),
      [
        [2, 3, 4],
        [2, 5, 4],
      ],
    ],
    [
      'pad',
      (a) =>
        tf
          .pad(
            a!,
            [
              [1, 2],
              [0, 1],
            ],
            3,
          )
          .square(),
      [[3, 4]],
    ],
    ['split', (a) => tf.add(...(tf.split(a!, 2, 1) as [tf.Tensor, tf.Tensor])).square(), [[3, 8]]],
    ['stack and unstack', (a, b) => tf.unstack(tf.stack([a!, b!], 1), 1)[1]!.square(), [A, A]],
    [
      'matMul',
      (a, b) => tf.matMul(a!, b!),
      [
        [7, 5],
        [5, 9],
      ],
    ],
    [
      'matMul, first transposed',
      (a, b) => tf.matMul(a!, b!, true),
      [
        [5, 7],
        [5, 9],
      ],
    ],
    [
      'matMul, second transposed',
      (a, b) => tf.matMul(a!, b!, false, true),
      [
        [7, 5],
        [9, 5],
      ],
    ],
    [
      'matMul, both transposed',
      (a, b) => tf.matMul(a!, b!, true, true),
      [
        [5, 7],
        [9, 5],
      ],
    ],
    [
      'matMul, batched',
      (a, b) => tf.matMul(a!, b!),
      [
        [3, 4, 5],
        [3, 5, 2],
      ],
    ],
    [
      'matMul, long',
      (a, b) => tf.matMul(a!, b!),
      [
        [1601, 3],
        [3, 2],
      ],
    ],
    [
      'avgPool3d over tiles',
      (a) => tf.avgPool3d(a as tf.Tensor5D, [2, 1, 3], [2, 1, 3], 'valid').square(),
      [[2, 4, 3, 6, 3]],
    ],
    [
      'avgPool3d overlapping',
      (a) => tf.avgPool3d(a as tf.Tensor5D, 2, 1, 'same').square(),
      [[1, 3, 3, 3, 2]],
    ],
    ['a single value', (a) => a!.exp().sum().sqrt(), [[]]],
    [
      'gather (JavaScript kernel)',
      (a) => tf.gather(a!, tf.tensor1d([2, 0], 'int32'), 0).square(),
      [A],
    ],
    [
      'where with a mask of booleans',
      (a, b) => tf.where(tf.tensor1d([1, 0, 1, 0, 1]).greater(0), a!, b!.mul(2)),
      [A, A],
    ],
  ]

describe('tfjs operations on the shared-memory backend', () => {
  it.each(PROGRAMS.map(([title, program, shapes, range]) => ({ title, program, shapes, range })))(
    '$title: equals the JavaScript kernels, gradient included',
    async ({ program, shapes, range }) => {
      const inputs = shapes.map((shape, i) => ({
        shape,
        values: sample(shape, 5 + i, ...(range ?? ([-2, 2] as const))),
      }))
      const expected = await evaluate('cpu', program, inputs)
      const actual = await evaluate(backend, program, inputs)
      expect(actual.shape).toEqual(expected.shape)
      expectClose(actual.values, expected.values)
      actual.gradients.forEach((gradient, i) => expectClose(gradient, expected.gradients[i]!))
    },
  )

  it('computes exp and log over their whole range, limits included', async () => {
    await tf.setBackend(backend)
    const xs = [
      -Infinity,
      -200,
      -88,
      -87.3,
      -20,
      -1e-3,
      0,
      1e-8,
      0.5,
      1,
      20,
      88,
      88.7,
      89,
      Infinity,
      NaN,
    ]
    const exp = tf.tidy(() => tf.tensor1d(xs).exp().dataSync())
    xs.forEach((x, i) => {
      const expected = Math.exp(Math.fround(x))
      if (expected < 1.2e-38) expect(exp[i]).toBe(0)
      else if (expected > 3.4028235e38) expect(exp[i]).toBe(Infinity)
      else if (Number.isNaN(x)) expect(exp[i]).toBeNaN()
      else expect(Math.abs(exp[i]! / expected - 1)).toBeLessThan(3e-7)
    })
    const ys = [0, 1e-30, 1e-3, 0.7, 0.9999, 1, 1.0001, 2, 10, 1e30, Infinity, -1, NaN]
    const log = tf.tidy(() => tf.tensor1d(ys).log().dataSync())
    ys.forEach((y, i) => {
      const expected = Math.log(Math.fround(y))
      if (Number.isNaN(expected)) expect(log[i]).toBeNaN()
      else if (!Number.isFinite(expected)) expect(log[i]).toBe(expected)
      else expect(Math.abs(log[i]! - expected)).toBeLessThan(3e-7 * Math.max(1, Math.abs(expected)))
    })
  })

  it('sums two million small values without losing them', async () => {
    await tf.setBackend(backend)
    const total = tf.tidy(
      () =>
        tf
          .fill([1 << 21], 0.1)
          .sum()
          .dataSync()[0],
    )
    expect(total).toBeCloseTo(0.1 * 2 ** 21, 0)
    const columns = tf.tidy(() =>
      tf
        .fill([1 << 19, 4], 0.1)
        .sum(0)
        .dataSync(),
    )
    columns.forEach((column) => expect(column).toBeCloseTo(0.1 * 2 ** 19, 0))
  })

  it('hands out values that survive the tensor', async () => {
    await tf.setBackend(backend)
    const x = tf.fill([64], 3)
    const values = x.dataSync()
    x.dispose()
    const other = tf.fill([64], 7)
    expect(values[0]).toBe(3)
    other.dispose()
  })

  it('does not take over the caller’s array', async () => {
    await tf.setBackend(backend)
    const mine = new Float32Array([1, 2, 3])
    const x = tf.tensor1d(mine)
    mine[0] = 99
    expect([...x.dataSync()]).toEqual([1, 2, 3])
    x.dispose()
  })
})

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length)
  actual.forEach((value, i) => {
    const scale = Math.max(1, Math.abs(expected[i]!))
    expect(Math.abs(value - expected[i]!) / scale).toBeLessThan(2e-5)
  })
}
