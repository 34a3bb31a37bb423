import { beforeAll, describe, expect, it } from 'vitest'
import { VOXEL_WEIGHTINGS, type VoxelWeighting } from '../../contract/index.ts'
import { tf } from '../tensor.ts'
import { voxelWeights } from './voxelWeights.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

/** Logits of a teacher that gives each voxel's class this probability, the rest evenly. */
function teacherOf(classes: readonly number[], sure: number): tf.Tensor5D {
  const values = classes.flatMap((own) =>
    [0, 1, 2, 3].map((c) => Math.log(c === own ? sure : (1 - sure) / 3)),
  )
  return tf.tensor5d(values, [1, 1, 1, classes.length, 4])
}

const oneHot = (classes: readonly number[]): tf.Tensor5D =>
  tf
    .oneHot(tf.tensor1d([...classes], 'int32'), 4)
    .toFloat()
    .reshape([1, 1, 1, classes.length, 4])

const weigh = (
  weighting: VoxelWeighting,
  labels: readonly number[],
  seen: readonly number[] = labels,
  sure = 1 - 1e-9,
  trust: tf.Tensor4D | null = null,
): number[] =>
  Array.from(
    voxelWeights(weighting, {
      teacherLogits: teacherOf(seen, sure),
      classes: oneHot(labels),
      trust,
    }).dataSync(),
  )

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const mostlyBackground = [...new Array<number>(90).fill(0), ...new Array<number>(10).fill(2)]

describe('weights of the voxels', () => {
  it.each(VOXEL_WEIGHTINGS)('%s: sum to 1 for a teacher that is sure and right', (weighting) => {
    expect(sum(weigh(weighting, mostlyBackground))).toBeCloseTo(1, 5)
  })

  it('uniform: are all alike', () => {
    for (const weight of weigh('uniform', mostlyBackground)) expect(weight).toBeCloseTo(0.01, 8)
  })

  it('foreground: give tumour half of the mass, however small it is', () => {
    const weights = weigh('foreground', mostlyBackground)
    expect(weights[0]).toBeCloseTo(0.5 / 90, 7)
    expect(weights[99]).toBeCloseTo(0.5 / 10, 7)
  })

  it('foreground: count what the teacher sees beside what is labelled', () => {
    const seen = [...mostlyBackground]
    seen[0] = 1
    const weights = weigh('foreground', mostlyBackground, seen)
    expect(weights[0]).toBeCloseTo(0.5 / 11, 6)
    expect(weights[1]).toBeCloseTo(0.5 / 89, 6)
  })

  it('foreground: do not blow up a teacher’s doubts where there is no tumour', () => {
    const healthy = new Array<number>(100).fill(0)
    const weights = weigh('foreground', healthy, healthy, 0.9999)
    // All foreground is 0.0001 a voxel, a fiftieth of the smallest share: so is its mass, 1 % instead of half.
    expect(Math.max(...weights)).toBeLessThan(0.0101)
    expect(sum(weights)).toBeCloseTo(1, 5)
    const one = [2, ...healthy.slice(1)]
    expect(weigh('foreground', one)[0]).toBeCloseTo(0.5, 5)
  })

  it('foreground: leave half of the mass out where everything is tumour', () => {
    expect(sum(weigh('foreground', [1, 2, 3, 2]))).toBeCloseTo(0.5, 5)
  })

  it('true-class: follow the teacher’s probability of the label', () => {
    const weights = weigh('true-class', [0, 0, 2, 2], [0, 0, 2, 1], 0.97)
    ;[0.97, 0.97, 0.97, 0.01].forEach((p, i) => expect(weights[i]).toBeCloseTo(p / 4, 6))
  })

  it('foreground-true-class: are the product of both, up to the shared mean', () => {
    const labels = [...mostlyBackground]
    const seen = [...mostlyBackground]
    seen[99] = 1
    const both = weigh('foreground-true-class', labels, seen, 0.97)
    const balanced = weigh('foreground', labels, seen, 0.97)
    const trusted = weigh('true-class', labels, seen, 0.97)
    both.forEach((weight, i) => expect(weight).toBeCloseTo(100 * balanced[i] * trusted[i], 7))
  })

  it.each(VOXEL_WEIGHTINGS)('%s: fall with the trust and are not scaled up again', (weighting) => {
    const trust = tf.fill([1, 1, 1, 100], 0.25) as tf.Tensor4D
    const full = weigh(weighting, mostlyBackground)
    const less = weigh(weighting, mostlyBackground, mostlyBackground, 1 - 1e-9, trust)
    less.forEach((weight, i) => expect(weight).toBeCloseTo(full[i] / 4, 8))
  })

  it('are the same for a sample whatever else is in its batch, but for the number of samples', () => {
    const small = [0, 0, 0, 0, 0, 0, 0, 3]
    const large = [2, 2, 2, 1, 3, 0, 0, 0]
    const alone = weigh('foreground', small)
    const together = voxelWeights('foreground', {
      teacherLogits: tf.concat([teacherOf(small, 1 - 1e-9), teacherOf(large, 1 - 1e-9)], 0),
      classes: tf.concat([oneHot(small), oneHot(large)], 0),
      trust: null,
    }).dataSync()
    alone.forEach((weight, i) => expect(together[i]).toBeCloseTo(weight / 2, 8))
  })
})
