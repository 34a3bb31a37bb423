import { useSessionStorage } from '@vueuse/core'
import { computed, type ComputedRef, type Ref } from 'vue'
import { useQuery, type Query } from '../app/index.ts'
import type { CaseSummary, Dataset, ReviewState } from '../../src-main/contract/index.ts'
import { countByState, filterCases, NO_FILTER, type CaseFilter } from './caseFilter.ts'
import {
  rankCases,
  sortCases,
  startsDescending,
  type CaseOrder,
  type RankedCase,
} from './caseOrder.ts'

export interface Worklist {
  readonly cases: Query<CaseSummary[]>
  readonly datasets: Query<Dataset[]>
  readonly filter: Ref<CaseFilter>
  readonly order: Ref<{ by: CaseOrder; descending: boolean }>
  /** What the table shows: filtered and sorted. */
  readonly shown: ComputedRef<RankedCase[]>
  readonly counts: ComputedRef<Record<ReviewState | 'all', number>>
  /** Sorts by a column; a second time turns the direction round. */
  sortBy(order: CaseOrder): void
}

/** The cases with filter and order, which outlive a visit to a case but not the session. */
export const useWorklist = (): Worklist => {
  const cases = useQuery((api, signal) => api.cases.list({ datasetId: null }, { signal }), {
    topics: ['cases', 'datasets', 'labels'],
  })
  const datasets = useQuery((api, signal) => api.datasets.list({}, { signal }), {
    topics: ['datasets'],
  })
  const filter = useSessionStorage<CaseFilter>('worklist-filter', NO_FILTER)
  const order = useSessionStorage<{ by: CaseOrder; descending: boolean }>('worklist-order', {
    by: 'priority',
    descending: false,
  })
  const ranked = computed(() => rankCases(cases.data.value ?? []))
  return {
    cases,
    datasets,
    filter,
    order,
    shown: computed(() =>
      sortCases(filterCases(ranked.value, filter.value), order.value.by, order.value.descending),
    ),
    counts: computed(() => countByState(cases.data.value ?? [], filter.value)),
    sortBy: (by) => {
      order.value = {
        by,
        descending: order.value.by === by ? !order.value.descending : startsDescending(by),
      }
    },
  }
}
