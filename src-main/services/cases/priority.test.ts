import { expect, it } from 'vitest'
import type { CaseSummary } from '../../contract/index.ts'
import { prioritise } from './priority.ts'

const summary = (
  name: string,
  change: Partial<CaseSummary> = {},
): Omit<CaseSummary, 'priorityReason'> => ({
  id: `case-${name}`,
  datasetId: 'dataset-1',
  datasetName: 'Data',
  name,
  sequences: ['flair'],
  grid: { dims: [1, 1, 1], spacingMm: [1, 1, 1], indexToWorld: [] },
  labelConvention: 'et4',
  split: 'train',
  reviewState: 'unseen',
  flagReason: null,
  synthetic: false,
  versionCount: 0,
  proposalState: null,
  uncertaintyScore: null,
  wholeTumourMl: null,
  updatedAt: '2026-11-24T12:00:00.000Z',
  ...change,
})

it('orders the worklist by what a reader should do next, and says why', () => {
  const ordered = prioritise([
    summary('approved', { reviewState: 'approved', versionCount: 2 }),
    summary('imported', { versionCount: 1 }),
    summary('sure', { proposalState: 'open', uncertaintyScore: 0.1 }),
    summary('corrected', { reviewState: 'corrected', versionCount: 2 }),
    summary('untouched'),
    summary('unsure', { proposalState: 'partly-accepted', uncertaintyScore: 0.4 }),
    summary('rejected', { proposalState: 'rejected', uncertaintyScore: 0.9 }),
    summary('flagged', { reviewState: 'flagged', flagReason: 'motion' }),
    summary('begun', { reviewState: 'in-progress' }),
    summary('unscored', { proposalState: 'open' }),
  ])
  expect(ordered.map(({ name }) => name)).toEqual([
    'begun',
    'flagged',
    'unsure',
    'sure',
    'unscored',
    'untouched',
    'rejected',
    'imported',
    'corrected',
    'approved',
  ])
  expect(ordered[1].priorityReason).toBe('Flagged: motion')
  expect(ordered[2].priorityReason).toContain('40 %')
  expect(
    ordered.every(
      ({ priorityReason }) => priorityReason.endsWith('.') || priorityReason.startsWith('Flagged'),
    ),
  ).toBe(true)
})
