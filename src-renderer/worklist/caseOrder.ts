import type { CaseSummary, ReviewState, Split } from '../../src-main/contract/index.ts'

export const CASE_ORDERS = [
  'priority',
  'name',
  'dataset',
  'state',
  'uncertainty',
  'volume',
  'split',
  'updated',
] as const
export type CaseOrder = (typeof CASE_ORDERS)[number]

/** A case with its place in the core's order of priority, from 1. */
export interface RankedCase extends CaseSummary {
  readonly rank: number
}

const STATE_ORDER: Readonly<Record<ReviewState, number>> = {
  flagged: 0,
  unseen: 1,
  'in-progress': 2,
  corrected: 3,
  approved: 4,
}
const SPLIT_ORDER: Readonly<Record<Split, number>> = { train: 0, validation: 1, test: 2, none: 3 }

const byText = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })

const COMPARE: Readonly<Record<CaseOrder, (a: RankedCase, b: RankedCase) => number>> = {
  priority: (a, b) => a.rank - b.rank,
  name: (a, b) => byText(a.name, b.name),
  dataset: (a, b) => byText(a.datasetName, b.datasetName),
  state: (a, b) => STATE_ORDER[a.reviewState] - STATE_ORDER[b.reviewState],
  uncertainty: (a, b) => (a.uncertaintyScore ?? 0) - (b.uncertaintyScore ?? 0),
  volume: (a, b) => (a.wholeTumourMl ?? 0) - (b.wholeTumourMl ?? 0),
  split: (a, b) => SPLIT_ORDER[a.split] - SPLIT_ORDER[b.split],
  updated: (a, b) => byText(a.updatedAt, b.updatedAt),
}
const UNKNOWN: Readonly<Partial<Record<CaseOrder, (entry: RankedCase) => boolean>>> = {
  uncertainty: (entry) => entry.uncertaintyScore === null,
  volume: (entry) => entry.wholeTumourMl === null,
}

/** Numbers and dates are wanted largest first at the first click, everything else smallest first. */
export const startsDescending = (order: CaseOrder): boolean =>
  order === 'uncertainty' || order === 'volume' || order === 'updated'

/** @returns the cases with their rank, which is their place in the list as the core sent it */
export const rankCases = (cases: readonly CaseSummary[]): RankedCase[] =>
  cases.map((entry, index) => ({ ...entry, rank: index + 1 }))

/**
 * Sorts without changing the input. Equal cases keep the order of priority; a case whose value is not known comes
 * last in both directions.
 */
export const sortCases = (
  cases: readonly RankedCase[],
  order: CaseOrder,
  descending: boolean,
): RankedCase[] => {
  const unknown = UNKNOWN[order] ?? (() => false)
  const sign = descending ? -1 : 1
  return cases.toSorted(
    (a, b) =>
      Number(unknown(a)) - Number(unknown(b)) || sign * COMPARE[order](a, b) || a.rank - b.rank,
  )
}
