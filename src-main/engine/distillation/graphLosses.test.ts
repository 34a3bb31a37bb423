import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../tensor.ts'
import { unitLength } from './graphEdges.ts'
import { crossLoss, nodeLoss, nodeWeights, relationLoss } from './graphLosses.ts'
import { waveTensor } from './waveBatch.ts'

const value = (x: tf.Tensor): number => x.dataSync()[0]

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('losses between two graphs', () => {
  // bench/reference/gkd_terms.py (PyTorch, double precision)
  const student = () => unitLength(waveTensor<tf.Rank.R3>([2, 5, 3], 0.4))
  const teacher = () => unitLength(waveTensor<tf.Rank.R3>([2, 5, 3], 1.2))
  const everyone = () => tf.ones<tf.Rank.R2>([2, 5])

  it('equal PyTorch', () => {
    const uniform = tf.fill<tf.Rank.R2>([2, 5], 0.2)
    expect(value(nodeLoss(student(), teacher(), uniform))).toBeCloseTo(0.4169027775, 6)
    expect(value(relationLoss(student(), teacher(), everyone()))).toBeCloseTo(0.1413292823, 6)
    expect(value(crossLoss(student(), teacher(), everyone(), 0.5))).toBeCloseTo(1.0893150461, 6)
  })

  it('leave an absent node out, as if it were not there', () => {
    const first = (x: tf.Tensor3D): tf.Tensor3D => x.slice([0, 0, 0], [1, 5, 3])
    const presence = tf.tensor2d([[1, 1, 1, 0, 1]])
    const pair = [first(student()), first(teacher())] as const
    expect(value(relationLoss(...pair, presence))).toBeCloseTo(0.1531968408, 6)
    expect(value(crossLoss(...pair, presence, 0.5))).toBeCloseTo(0.7778786253, 6)
  })

  it('relation does not see a common offset of all nodes, node does', () => {
    const shifted = student().add<tf.Tensor3D>(tf.tensor1d([0.3, -0.2, 0.5]))
    expect(value(relationLoss(shifted, student(), everyone()))).toBeCloseTo(0, 6)
    const uniform = tf.fill<tf.Rank.R2>([2, 5], 0.2)
    expect(value(nodeLoss(unitLength(shifted), student(), uniform))).toBeGreaterThan(0.02)
  })
})

describe('node weights', () => {
  const rows = (touches: number[], presence: number[]): number[] =>
    Array.from(nodeWeights(tf.tensor2d([touches]), tf.tensor2d([presence])).dataSync())

  it('put half of the mass on the tumour, however small it is', () => {
    expect(rows([1, 0, 0, 0], [1, 1, 1, 1])).toEqual([0.5, 1 / 6, 1 / 6, 1 / 6].map(Math.fround))
  })

  it('spread the whole mass evenly without a tumour, and with nothing else', () => {
    expect(rows([0, 0, 0, 0], [1, 1, 1, 1])).toEqual([0.25, 0.25, 0.25, 0.25])
    expect(rows([1, 1, 1, 1], [1, 1, 1, 1])).toEqual([0.25, 0.25, 0.25, 0.25])
  })

  it('give absent nodes nothing', () => {
    expect(rows([0, 1, 1, 0], [1, 1, 0, 0])).toEqual([0.5, 0.5, 0, 0])
    expect(rows([0, 1, 1, 0], [0, 0, 0, 0])).toEqual([0, 0, 0, 0])
  })
})
