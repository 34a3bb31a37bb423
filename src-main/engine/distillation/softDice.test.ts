import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../tensor.ts'
import type { DistillationInput } from './distillationStrategy.ts'
import { softDiceLoss } from './softDice.ts'
import { waveOutput, waveTensor } from './waveBatch.ts'

const patch: [number, number, number] = [2, 3, 4]

const input = (student: tf.Tensor5D, trust: tf.Tensor4D | null = null): DistillationInput => ({
  step: 0,
  totalSteps: 1,
  student: { logits: [student], taps: {} },
  teacher: waveOutput(1, {}, patch, 1.1),
  labels: null,
  trust,
})
const value = (x: tf.Tensor): number => x.dataSync()[0]

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('overlap with the teacher’s soft answer', () => {
  it('equals a plain loop', () => {
    const studentLogits = waveTensor<tf.Rank.R5>([1, ...patch, 4], 0.3)
    const s = tf.softmax(studentLogits.reshape([24, 4])).arraySync() as number[][]
    const t = tf.softmax(input(studentLogits).teacher!.logits[0].reshape([24, 4]))
    const teacher = t.arraySync() as number[][]
    let sum = 0
    for (let c = 1; c < 4; c++) {
      let [both, own, other] = [0, 0, 0]
      for (let i = 0; i < 24; i++) {
        both += s[i][c] * teacher[i][c]
        own += s[i][c] ** 2
        other += teacher[i][c] ** 2
      }
      sum += (2 * both + 1e-5) / (own + other + 1e-5)
    }
    expect(value(softDiceLoss(input(studentLogits)))).toBeCloseTo(1 - sum / 3, 6)
  })

  it('is 0 for a perfect student and for no other of these', () => {
    const perfect = waveOutput(1, {}, patch, 1.1).logits[0]
    expect(value(softDiceLoss(input(perfect)))).toBeCloseTo(0, 6)
    expect(value(softDiceLoss(input(perfect.mul(2))))).toBeGreaterThan(1e-3)
    expect(value(softDiceLoss(input(perfect.div(3))))).toBeGreaterThan(1e-3)
  })

  it('has the gradient of its differences', () => {
    const start = waveTensor<tf.Rank.R5>([1, ...patch, 4], 0.3)
    const loss = (x: tf.Tensor): tf.Scalar => softDiceLoss(input(x as tf.Tensor5D))
    const gradient = tf.grad(loss)(start).dataSync()
    const values = start.dataSync()
    for (const index of [0, 3, 17, 50, 95]) {
      const moved = (by: number): number => {
        const changed = Float32Array.from(values)
        changed[index] += by
        return value(loss(tf.tensor(changed, start.shape)))
      }
      expect(gradient[index]).toBeCloseTo((moved(0.05) - moved(-0.05)) / 0.1, 4)
    }
  })

  it('does not hear a voxel that is not trusted', () => {
    const trust = tf.tensor4d(
      Float32Array.from({ length: 24 }, (_, i) => (i < 12 ? 1 : 0)),
      [1, ...patch],
    )
    const student = waveTensor<tf.Rank.R5>([1, ...patch, 4], 0.3)
    const changed = student.add(
      trust
        .mul(-1)
        .add(1)
        .expandDims(4)
        .mul(waveTensor<tf.Rank.R5>([1, ...patch, 4], 2)),
    ) as tf.Tensor5D
    const before = value(softDiceLoss(input(student, trust)))
    expect(value(softDiceLoss(input(changed, trust)))).toBeCloseTo(before, 6)
    expect(value(softDiceLoss(input(changed)))).not.toBeCloseTo(
      value(softDiceLoss(input(student))),
      3,
    )
  })

  it('stays finite where neither sees a tumour', () => {
    const sure = tf
      .oneHot(tf.zeros([24], 'int32'), 4)
      .mul(200)
      .reshape([1, ...patch, 4])
    const both = {
      ...input(sure as tf.Tensor5D),
      teacher: { logits: [sure as tf.Tensor5D], taps: {} },
    }
    expect(value(softDiceLoss(both))).toBeCloseTo(0, 5)
  })
})
