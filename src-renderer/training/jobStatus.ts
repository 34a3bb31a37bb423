import type { Job, JobKind, JobState } from '../../src-main/contract/index.ts'
import { formatDuration, text } from '../app/index.ts'

export const isActive = (state: JobState): boolean =>
  state === 'queued' || state === 'running' || state === 'paused'

/** Kinds that learn and therefore have curves. */
export const isTraining = (kind: JobKind): boolean =>
  kind === 'train' || kind === 'distil' || kind === 'finetune'

const ACTIVE_ORDER = { running: 0, queued: 1, paused: 2 } as const

/**
 * Jobs as a person looks for them: what runs, what waits (the next one first), what is paused; then what is over,
 * newest first.
 */
export const orderJobs = (jobs: readonly Job[]): { active: Job[]; finished: Job[] } => {
  const rank = (state: JobState): number =>
    state === 'running' || state === 'queued' || state === 'paused' ? ACTIVE_ORDER[state] : 3
  return {
    active: jobs
      .filter((job) => isActive(job.state))
      .toSorted(
        (a, b) => rank(a.state) - rank(b.state) || a.createdAt.localeCompare(b.createdAt, 'en'),
      ),
    finished: jobs
      .filter((job) => !isActive(job.state))
      .toSorted((a, b) => (b.endedAt ?? b.createdAt).localeCompare(a.endedAt ?? a.createdAt, 'en')),
  }
}

/** How far a job is, 0 to 1; null while that is not known. */
export const fractionOf = (job: Pick<Job, 'progress'>): number | null =>
  job.progress && job.progress.total > 0
    ? Math.min(1, job.progress.done / job.progress.total)
    : null

/** Seconds from start to end, or to now while it lasts; null before the start. */
export const elapsedSeconds = (
  job: Pick<Job, 'startedAt' | 'endedAt'>,
  now: number,
): number | null =>
  job.startedAt === null
    ? null
    : Math.max(0, (Date.parse(job.endedAt ?? '') || now) - Date.parse(job.startedAt)) / 1000

/** One short line below a job's title. */
export const statusLine = (job: Job, now: number): string => {
  const percent = Math.floor((fractionOf(job) ?? 0) * 100)
  const states = text.common.jobStates
  switch (job.state) {
    case 'queued':
      return text.training.waiting
    case 'paused':
      return text.training.pausedAt(percent)
    case 'running': {
      const eta = job.progress?.etaSeconds ?? null
      return eta === null ? text.training.estimating : text.training.left(formatDuration(eta))
    }
    default: {
      const seconds = elapsedSeconds(job, now)
      return seconds === null
        ? states[job.state]
        : `${states[job.state]}, ${text.training.took(formatDuration(seconds))}`
    }
  }
}
