import { GliadeskError, type Job } from '../../contract/index.ts'
import { nextQueuedJob, listJobs } from './jobRecords.ts'
import { endLeftoverEngine } from './leftoverEngine.ts'
import { manifestPathOf } from './manifestPath.ts'
import { runJob, stopJob, type JobControl, type RunServices } from './runJob.ts'

/** Decides which job runs when; the embedded one runs them on this machine, one at a time. */
export interface Scheduler {
  /** Takes up what an earlier run of the program left, and starts running queued jobs. */
  start(): Promise<void>
  /** Something was queued. */
  wake(): void
  pause(jobId: string): Job
  cancel(jobId: string): Job
  /** Pauses what runs (it goes on at the next start) and resolves when nothing runs any more. */
  close(): Promise<void>
}

/**
 * @param resumeJobs false for short-lived programs: jobs left by an earlier run are then shown as paused
 */
export function createScheduler(services: RunServices, resumeJobs: boolean): Scheduler {
  const { board, workspace } = services
  const { database } = workspace
  let current: { jobId: string; control: JobControl; ended: Promise<void> } | null = null
  let started = false
  let closed = false

  const wake = (): void => {
    if (!started || closed || current) return
    const next = nextQueuedJob(database)
    if (!next) return
    const control: JobControl = { stop: null, run: null }
    const ended = runJob(services, next.job.id, control).finally(() => {
      current = null
      wake()
    })
    current = { jobId: next.job.id, control, ended }
  }
  const wrongState = (job: Job, wish: string): GliadeskError =>
    new GliadeskError(
      'WRONG_STATE',
      `${job.title} is ${job.state} and cannot be ${wish}.`,
      'Reload the list of jobs.',
    )
  return {
    wake,
    start: async () => {
      for (const { job, processId } of listJobs(database)) {
        if (job.state === 'running') {
          await endLeftoverEngine(processId, manifestPathOf(services.workspace, job.id))
        }
        const isLeft = job.state === 'running' || job.state === 'queued'
        const state = resumeJobs ? 'queued' : 'paused'
        if (isLeft && job.state !== state) board.change(job.id, { state, processId: null })
      }
      started = true
      wake()
    },
    pause: (jobId) => {
      const job = board.get(jobId)
      if (job.state === 'queued') return board.change(jobId, { state: 'paused' })
      if (job.state !== 'running' || current?.jobId !== jobId) throw wrongState(job, 'paused')
      stopJob(current.control, job, 'pause')
      return job
    },
    cancel: (jobId) => {
      const job = board.get(jobId)
      if (job.state === 'queued' || job.state === 'paused') {
        return board.change(jobId, { state: 'cancelled', endedAt: new Date().toISOString() })
      }
      if (job.state !== 'running' || current?.jobId !== jobId) throw wrongState(job, 'cancelled')
      stopJob(current.control, job, 'cancel')
      return job
    },
    close: async () => {
      closed = true
      if (!current) return
      stopJob(current.control, board.get(current.jobId), 'close')
      await current.ended
    },
  }
}
