import type { CaseSummary, ReviewState, Split } from '../../src-main/contract/index.ts'
import { matchesSearch } from '../app/index.ts'

/** What of the worklist is shown; `all` switches a filter off. */
export interface CaseFilter {
  readonly search: string
  readonly datasetId: string
  readonly state: ReviewState | 'all'
  readonly split: Split | 'all'
}

export const NO_FILTER: CaseFilter = { search: '', datasetId: 'all', state: 'all', split: 'all' }

export const isFiltered = (filter: CaseFilter): boolean =>
  filter.search.trim() !== '' ||
  filter.datasetId !== 'all' ||
  filter.state !== 'all' ||
  filter.split !== 'all'

/** The cases that pass every filter, in the order given. */
export const filterCases = <T extends CaseSummary>(
  cases: readonly T[],
  { search, datasetId, state, split }: CaseFilter,
): T[] =>
  cases.filter(
    (entry) =>
      (datasetId === 'all' || entry.datasetId === datasetId) &&
      (state === 'all' || entry.reviewState === state) &&
      (split === 'all' || entry.split === split) &&
      matchesSearch(search, `${entry.name} ${entry.datasetName} ${entry.flagReason ?? ''}`),
  )

/** How many cases each state filter would show with the other filters left as they are. */
export const countByState = (
  cases: readonly CaseSummary[],
  filter: CaseFilter,
): Record<ReviewState | 'all', number> => {
  const counts = { all: 0, unseen: 0, 'in-progress': 0, corrected: 0, approved: 0, flagged: 0 }
  for (const entry of filterCases(cases, { ...filter, state: 'all' })) {
    counts.all += 1
    counts[entry.reviewState] += 1
  }
  return counts
}
