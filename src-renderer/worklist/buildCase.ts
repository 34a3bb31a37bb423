import type { CaseSummary } from '../../src-main/contract/index.ts'

/** A case for tests: unseen, complete, without labels; override what matters. */
export const buildCase = (parts: Partial<CaseSummary> = {}): CaseSummary => ({
  id: 'case-one',
  datasetId: 'set-one',
  datasetName: 'Set one',
  name: 'Case 1',
  sequences: ['flair', 't1', 't1ce', 't2'],
  grid: {
    dims: [2, 2, 2],
    spacingMm: [1, 1, 1],
    indexToWorld: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  },
  labelConvention: 'et3',
  split: 'train',
  reviewState: 'unseen',
  flagReason: null,
  synthetic: false,
  versionCount: 0,
  proposalState: null,
  uncertaintyScore: null,
  wholeTumourMl: null,
  priorityReason: '',
  updatedAt: '2026-01-01T00:00:00Z',
  ...parts,
})
