import { useThrottleFn } from '@vueuse/core'
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import type { Job, JobEvent } from '../../src-main/contract/index.ts'
import { useQuery, useStream, type Query } from '../app/index.ts'
import { createCurveCollector, NO_CURVES, type TrainingCurves } from './trainingCurves.ts'

const REDRAW_MS = 250

export interface LiveJob {
  readonly query: Query<Job>
  /** The job as last heard of. */
  readonly job: ComputedRef<Job | null>
  readonly curves: Readonly<ShallowRef<TrainingCurves>>
}

/** One job, its progress and its curves, live while it runs. */
export const useJob = (jobId: () => string): LiveJob => {
  const query = useQuery((api, signal) => api.jobs.get({ jobId: jobId() }, { signal }), {
    topics: ['jobs'],
    id: jobId,
    source: jobId,
  })
  const watched = shallowRef<Job | null>(null)
  // A resumed job is a new stream: both streams end whenever a job stops running.
  const running = computed(() => query.data.value?.state === 'running')
  useStream<Job>({
    source: () => (running.value ? jobId() : null),
    open: (api, signal) => (running.value ? api.jobs.watch({ jobId: jobId() }, { signal }) : null),
    restarted: () => (watched.value = null),
    received: (job) => (watched.value = job),
  })

  const curves = shallowRef<TrainingCurves>(NO_CURVES)
  let collector = createCurveCollector()
  const redraw = useThrottleFn(() => (curves.value = collector.snapshot()), REDRAW_MS, true)
  useStream<JobEvent>({
    source: () => `${jobId()} ${running.value}`,
    open: (api, signal) => api.jobs.events({ jobId: jobId() }, { signal }),
    restarted: () => {
      collector = createCurveCollector()
      void redraw()
    },
    received: (event) => {
      collector.add(event)
      void redraw()
    },
  })
  const job = computed(() => {
    const known = query.data.value ?? null
    // The answer to a query is newer than the stream once the job is no longer running.
    return known?.state === 'running' && watched.value?.id === known.id ? watched.value : known
  })
  return { query, job, curves }
}
