import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { CaseDetail, Job } from '../../src-main/contract/index.ts'
import { text, toProblem, useQuery, useWorkbench } from '../app/index.ts'

export interface Prediction {
  /** The prediction that waits or runs for this case; null otherwise. */
  job: ShallowRef<Job | null>
  start: (modelId: string | null) => Promise<void>
  cancel: () => Promise<void>
}

const isActive = (job: Job): boolean =>
  job.state === 'queued' || job.state === 'running' || job.state === 'paused'

/** Starts predictions for a case and follows them, also one that was started elsewhere. */
export function usePrediction(detail: ComputedRef<CaseDetail>): Prediction {
  const { api, toasts } = useWorkbench()
  const job = shallowRef<Job | null>(null)
  const run = new AbortController()
  onScopeDispose(() => run.abort())

  const follow = async (started: Job): Promise<void> => {
    job.value = started
    try {
      for await (const now of await api.jobs.watch({ jobId: started.id }, { signal: run.signal })) {
        if (run.signal.aborted) return
        job.value = isActive(now) ? now : null
        if (now.state === 'failed') {
          toasts.show({
            tone: 'danger',
            title: text.review.proposal.failed,
            detail: now.error ? `${now.error.message} ${now.error.remedy}` : '',
          })
        }
      }
    } catch {
      // The connection broke or the page was left; the job goes on, and the list below finds it again.
    }
    job.value = null
  }

  const jobs = useQuery((client, signal) => client.jobs.list({}, { signal }), { topics: ['jobs'] })
  const running = computed(() =>
    jobs.data.value?.find(
      (each) =>
        each.plan.kind === 'predict' &&
        each.plan.caseIds.includes(detail.value.id) &&
        isActive(each),
    ),
  )
  watch(running, (found) => {
    if (found && job.value === null) void follow(found)
  })

  return {
    job,
    start: async (modelId) => {
      if (job.value) return
      try {
        const started = await api.jobs.predict({
          modelId,
          caseIds: [detail.value.id],
          inference: null,
          backend: 'auto',
        })
        if (isActive(started) && job.value === null) void follow(started)
      } catch (error) {
        const { message, remedy } = toProblem(error)
        toasts.show({ tone: 'danger', title: message, detail: remedy })
      }
    },
    cancel: async () => {
      if (job.value) await api.jobs.cancel({ jobId: job.value.id }).catch(() => undefined)
    },
  }
}
