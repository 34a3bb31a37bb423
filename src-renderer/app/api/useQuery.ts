import { onScopeDispose, watch, type WatchSource } from 'vue'
import { useWorkbench } from '../workbench.ts'
import type { Api } from './api.ts'
import type { ChangeTopic } from './changes.ts'
import { createQuery, type Query } from './query.ts'

export interface QueryOptions {
  /** Loads again when the core reports a change of one of these. */
  readonly topics?: readonly ChangeTopic[]
  /** Only changes of this id count (changes without an id always do). */
  readonly id?: () => string | null
  /** What the question depends on: a change forgets the answer and asks anew. */
  readonly source?: WatchSource | WatchSource[]
}

/**
 * Loads from the core for as long as the component lives.
 *
 * @example const cases = useQuery((api, signal) => api.cases.list({ datasetId: null }, { signal }), { topics: ['cases'] })
 */
export const useQuery = <T>(
  load: (api: Api, signal: AbortSignal) => Promise<T>,
  { topics = [], id, source }: QueryOptions = {},
): Query<T> => {
  const { api, changes } = useWorkbench()
  const query = createQuery((signal) => load(api, signal))
  const unsubscribe = changes.on(topics, (change) => {
    const wanted = id?.() ?? null
    if (wanted === null || change.id === null || change.id === wanted) void query.refetch()
  })
  if (source !== undefined) watch(source, () => void query.restart())
  onScopeDispose(() => {
    unsubscribe()
    query.stop()
  })
  void query.refetch()
  return query
}
