import { GliadeskError, type Job } from '../../contract/index.ts'
import type { DevicePool } from './devicePool.ts'
import { listJobs, queuedJobs } from './jobRecords.ts'
import { endLeftoverEngine } from './leftoverEngine.ts'
import { manifestPathOf } from './manifestPath.ts'
import { runJob, stopJob, type JobControl, type RunServices } from './runJob.ts'

/** Decides which job runs when; the embedded one runs them on this machine, each on devices of its own. */
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

interface Running {
  readonly control: JobControl
  readonly ended: Promise<void>
}

/**
 * @param findDevices which devices there are; jobs wait until it is known
 * @param resumeJobs false for short-lived programs: jobs left by an earlier run are then shown as paused
 */
export function createScheduler(
  services: RunServices,
  findDevices: () => Promise<DevicePool>,
  resumeJobs: boolean,
): Scheduler {
  const { board, workspace } = services
  const { database } = workspace
  const running = new Map<string, Running>()
  let pool: DevicePool | null = null
  let closed = false

  const wake = (): void => {
    if (!pool || closed) return
    const devices = pool
    for (const { job } of queuedJobs(database)) {
      const taken = devices.take(job.plan)
      if (!taken) continue
      const control: JobControl = { stop: null, run: null }
      const ended = runJob(services, job.id, control, devices.environmentOf(taken)).finally(() => {
        running.delete(job.id)
        devices.give(taken)
        wake()
      })
      running.set(job.id, { control, ended })
    }
  }
  const controlOf = (job: Job, wish: string): JobControl => {
    const found = job.state === 'running' ? running.get(job.id) : undefined
    if (!found) throw wrongState(job, wish)
    return found.control
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
      // In the background: a card takes a moment to answer, and the program is to be there at once.
      void findDevices().then((found) => {
        pool = found
        wake()
      })
    },
    pause: (jobId) => {
      const job = board.get(jobId)
      if (job.state === 'queued') return board.change(jobId, { state: 'paused' })
      stopJob(controlOf(job, 'paused'), job, 'pause')
      return job
    },
    cancel: (jobId) => {
      const job = board.get(jobId)
      if (job.state === 'queued' || job.state === 'paused') {
        return board.change(jobId, { state: 'cancelled', endedAt: new Date().toISOString() })
      }
      stopJob(controlOf(job, 'cancelled'), job, 'cancel')
      return job
    },
    close: async () => {
      closed = true
      for (const [jobId, { control }] of running) stopJob(control, board.get(jobId), 'close')
      await Promise.all([...running.values()].map(({ ended }) => ended))
    },
  }
}
