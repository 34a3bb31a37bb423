import { join } from 'node:path'
import type { Job, JobEvent, JobProgress } from '../../contract/index.ts'
import type { Workspace } from '../../storage/index.ts'
import type { ChangeFeed } from '../changes/index.ts'
import { createEventLog, type EventLog } from '../eventLog/index.ts'
import { openJobEventFile, readJobEvents, type JobEventFile } from './jobEventFile.ts'
import { changeJob, findJob, listJobs, type JobChange } from './jobRecords.ts'

/** Jobs as everybody sees them: rows, live progress, events, and who is watching. */
export interface JobBoard {
  list(): Job[]
  get(jobId: string): Job
  /** Changes the row and tells every watcher. */
  change(jobId: string, change: JobChange): Job
  /** Shows progress ten times a second at most and writes it down once a second. */
  progress(jobId: string, progress: JobProgress): void
  emit(jobId: string, event: JobEvent): Promise<void>
  /** Resolves when the events so far are in their file. @throws GliadeskError DISK_FULL, READ_ONLY */
  eventsWritten(jobId: string): Promise<void>
  /** The job now and at every change; ends with the job. A slow watcher misses states in between. */
  watch(jobId: string, signal?: AbortSignal): AsyncGenerator<Job, void, void>
  /** Every event from the first, then live until the job ends. */
  events(jobId: string, signal?: AbortSignal): AsyncGenerator<JobEvent, void, void>
  /** Ends every watch. */
  close(): void
}

const PROGRESS_WRITE_MS = 1000
const PROGRESS_SHOW_MS = 100

const hasEnded = (job: Job): boolean =>
  job.state === 'done' || job.state === 'failed' || job.state === 'cancelled'

interface OpenEvents {
  readonly file: JobEventFile
  readonly log: EventLog<JobEvent>
}

export function createJobBoard(workspace: Workspace, changes: ChangeFeed): JobBoard {
  const { database } = workspace
  const live = new Map<string, { progress: JobProgress; writtenAt: number; shownAt: number }>()
  const open = new Map<string, Promise<OpenEvents>>()
  const watchers = new Map<string, Set<() => void>>()
  let closed = false

  const eventsPath = (jobId: string): string => join(workspace.jobFolder(jobId), 'events.jsonl')
  const withProgress = (job: Job): Job => {
    const known = live.get(job.id)
    return known ? { ...job, progress: known.progress } : job
  }
  const get = (jobId: string): Job => withProgress(findJob(database, jobId).job)
  const notify = (jobId: string): void => {
    for (const wake of watchers.get(jobId) ?? []) wake()
  }
  const openEvents = (jobId: string): Promise<OpenEvents> => {
    const known = open.get(jobId)
    if (known) return known
    const opened = openJobEventFile(eventsPath(jobId)).then((file) => ({
      file,
      log: createEventLog(file.initial),
    }))
    open.set(jobId, opened)
    return opened
  }
  const endEvents = (jobId: string): void => {
    const known = open.get(jobId)
    open.delete(jobId)
    void known?.then(
      ({ log }) => log.end(),
      () => undefined,
    )
  }

  return {
    list: () => listJobs(database).map(({ job }) => withProgress(job)),
    get,
    change: (jobId, change) => {
      const known = live.get(jobId)
      const progress = change.progress ?? known?.progress
      database.transaction(() => changeJob(database, jobId, { progress, ...change }))
      if (change.state !== undefined && change.state !== 'running') live.delete(jobId)
      const job = get(jobId)
      if (hasEnded(job)) endEvents(jobId)
      notify(jobId)
      changes.publish('jobs', jobId)
      return job
    },
    progress: (jobId, progress) => {
      const now = Date.now()
      const { writtenAt = 0, shownAt = 0 } = live.get(jobId) ?? {}
      const isToWrite = now - writtenAt >= PROGRESS_WRITE_MS
      const isToShow = now - shownAt >= PROGRESS_SHOW_MS
      live.set(jobId, {
        progress,
        writtenAt: isToWrite ? now : writtenAt,
        shownAt: isToShow ? now : shownAt,
      })
      if (isToWrite) changeJob(database, jobId, { progress })
      if (isToShow) notify(jobId)
    },
    emit: async (jobId, event) => {
      const { file, log } = await openEvents(jobId)
      if (file.append(event)) log.push(event)
    },
    eventsWritten: async (jobId) => (await openEvents(jobId)).file.flushed(),
    watch: async function* (jobId, signal) {
      let wake: () => void = () => undefined
      let isNew = true
      const note = (): void => {
        isNew = true
        wake()
      }
      const observers = watchers.get(jobId) ?? new Set()
      watchers.set(jobId, observers.add(note))
      signal?.addEventListener('abort', note)
      try {
        while (!closed && signal?.aborted !== true) {
          if (!isNew) await new Promise<void>((resolve) => (wake = resolve))
          if (closed || signal?.aborted) return
          isNew = false
          const job = get(jobId)
          yield job
          if (hasEnded(job)) return
        }
      } finally {
        signal?.removeEventListener('abort', note)
        observers.delete(note)
      }
    },
    events: async function* (jobId, signal) {
      if (hasEnded(get(jobId))) yield* await readJobEvents(eventsPath(jobId))
      else yield* (await openEvents(jobId)).log.read(signal)
    },
    close: () => {
      closed = true
      for (const jobId of watchers.keys()) notify(jobId)
      for (const jobId of [...open.keys()]) endEvents(jobId)
    },
  }
}
