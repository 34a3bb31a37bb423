import { describe, expect, it } from 'vitest'
import type { TrainingPlan } from '../../contract/index.ts'
import { patchCounts } from './patchCounts.ts'

const plan = (
  batchSize: number,
  fraction: number,
  mode: 'added' | 'within',
): Pick<TrainingPlan, 'batchSize' | 'pool'> => ({
  batchSize,
  pool: { datasetIds: ['pool'], caseIds: [], fraction, mode, confidence: 'voxel' },
})

describe('patches of a batch', () => {
  it.each([
    [1, 0.5, { labelled: 1, pool: 1 }],
    [2, 0.5, { labelled: 2, pool: 2 }],
    [2, 0.05, { labelled: 2, pool: 1 }],
    [2, 0.8, { labelled: 2, pool: 8 }],
  ])('added to %d by a share of %d never cost a labelled one', (size, fraction, expected) => {
    expect(patchCounts(plan(size, fraction, 'added'), 9)).toEqual(expected)
  })

  it.each([
    [2, 0.5, { labelled: 1, pool: 1 }],
    [2, 0.9, { labelled: 1, pool: 1 }],
    [4, 0.75, { labelled: 1, pool: 3 }],
    [4, 0.05, { labelled: 3, pool: 1 }],
  ])('within %d at a share of %d leave one to each', (size, fraction, expected) => {
    expect(patchCounts(plan(size, fraction, 'within'), 9)).toEqual(expected)
  })

  it('cannot share a batch of one', () => {
    expect(() => patchCounts(plan(1, 0.5, 'within'), 9)).toThrow('one patch')
  })

  it('are all labelled without a pool or where it is empty', () => {
    expect(patchCounts({ batchSize: 3, pool: null }, 9)).toEqual({ labelled: 3, pool: 0 })
    expect(patchCounts(plan(3, 0.5, 'added'), 0)).toEqual({ labelled: 3, pool: 0 })
  })
})
