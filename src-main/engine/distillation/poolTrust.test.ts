import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../tensor.ts'
import { poolTrust } from './poolTrust.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

/** One voxel a row of probabilities. */
const logits = (rows: readonly (readonly number[])[]): tf.Tensor5D =>
  tf.tensor5d(
    rows.flat().map((p) => Math.log(Math.max(p, 1e-30))),
    [1, 1, 1, rows.length, 4],
  )

const SURE_BACKGROUND = [1, 0, 0, 0]
const SURE_EDEMA = [0, 0, 1, 0]
const CLUELESS = [0.25, 0.25, 0.25, 0.25]
const TORN = [0, 0, 0.5, 0.5]

describe('trust in the teacher on unlabelled patches', () => {
  it('by voxel: is 1 where it is sure, 0 where it knows nothing, ½ between two of four classes', () => {
    const trust = poolTrust(logits([SURE_BACKGROUND, SURE_EDEMA, CLUELESS, TORN]), 'voxel')
    expect(trust.shape).toEqual([1, 1, 1, 4])
    ;[1, 1, 0, 0.5].forEach((value, i) => expect(trust.dataSync()[i]).toBeCloseTo(value, 5))
  })

  it('by patch: is one figure, ruled by what it takes for tumour', () => {
    const air = new Array<number[]>(96).fill(SURE_BACKGROUND)
    const sure = poolTrust(logits([...air, ...new Array<number[]>(4).fill(SURE_EDEMA)]), 'patch')
    const torn = poolTrust(logits([...air, ...new Array<number[]>(4).fill(TORN)]), 'patch')
    expect(sure.dataSync().every((value) => Math.abs(value - 1) < 1e-5)).toBe(true)
    // (96 · 0.01 · 1 + 4 · 1.01 · ½) / (96 · 0.01 + 4 · 1.01)
    expect(torn.dataSync()[0]).toBeCloseTo((0.96 + 2.02) / (0.96 + 4.04), 5)
    expect(new Set(torn.dataSync()).size).toBe(1)
  })

  it('by patch: is defined where it sees no tumour at all', () => {
    expect(poolTrust(logits([SURE_BACKGROUND]), 'patch').dataSync()[0]).toBeCloseTo(1, 5)
  })

  it('none: is 1 everywhere', () => {
    expect(Array.from(poolTrust(logits([CLUELESS, TORN]), 'none').dataSync())).toEqual([1, 1])
  })
})
