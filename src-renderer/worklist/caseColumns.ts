import { text } from '../app/index.ts'
import type { CaseOrder } from './caseOrder.ts'

export interface CaseColumn {
  readonly id: Exclude<keyof typeof text.worklist.columns, 'select'>
  readonly title: string
  /** What a click on the heading sorts by; null for a column that cannot be sorted. */
  readonly order: CaseOrder | null
  readonly hint: string
}

const { columns, columnHints } = text.worklist

/** The columns from left to right; their widths are in CaseTable.vue. */
export const CASE_COLUMNS: readonly CaseColumn[] = [
  { id: 'priority', title: columns.priority, order: 'priority', hint: columnHints.priority },
  { id: 'name', title: columns.name, order: 'name', hint: '' },
  { id: 'dataset', title: columns.dataset, order: 'dataset', hint: '' },
  { id: 'sequences', title: columns.sequences, order: null, hint: '' },
  { id: 'state', title: columns.state, order: 'state', hint: '' },
  {
    id: 'uncertainty',
    title: columns.uncertainty,
    order: 'uncertainty',
    hint: columnHints.uncertainty,
  },
  { id: 'volume', title: columns.volume, order: 'volume', hint: columnHints.volume },
  { id: 'split', title: columns.split, order: 'split', hint: '' },
  { id: 'reason', title: columns.reason, order: null, hint: '' },
  { id: 'updated', title: columns.updated, order: 'updated', hint: '' },
]
