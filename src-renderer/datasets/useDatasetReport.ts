import { onScopeDispose, ref, watch, type Ref } from 'vue'
import type { Measuring, QualityReport } from '../../src-main/contract/index.ts'
import { isAbort, useQuery, useWorkbench, type Query } from '../app/index.ts'

export interface DatasetReport {
  readonly report: Query<QualityReport | null>
  /** Where reading the voxels stands; null where nothing is being read. */
  readonly measuring: Readonly<Ref<Measuring | null>>
}

/** The quality report of a data set: at once what is known, then again when every voxel was read. Leaving ends the reading. */
export const useDatasetReport = (datasetId: () => string | null): DatasetReport => {
  const { api } = useWorkbench()
  const report = useQuery(
    async (client, signal) => {
      const id = datasetId()
      return id === null ? null : client.datasets.quality({ datasetId: id }, { signal })
    },
    { topics: ['datasets', 'cases'], source: datasetId },
  )
  const measuring = ref<Measuring | null>(null)
  let current = new AbortController()
  const read = async (id: string, signal: AbortSignal): Promise<void> => {
    try {
      for await (const event of await api.datasets.measure({ datasetId: id }, { signal })) {
        if (signal.aborted) return
        measuring.value = event
      }
      // Nothing was read where all was known: the report stands.
      if (measuring.value !== null && !signal.aborted) await report.refetch()
    } catch (error) {
      // The page then shows what is known; the next visit reads on where this one ended.
      if (!isAbort(error) && !signal.aborted) await report.refetch()
    } finally {
      if (!signal.aborted) measuring.value = null
    }
  }
  watch(
    datasetId,
    (id) => {
      current.abort()
      current = new AbortController()
      measuring.value = null
      if (id !== null) void read(id, current.signal)
    },
    { immediate: true },
  )
  onScopeDispose(() => current.abort())
  return { report, measuring }
}
