import { jobSchema, type Job, type JobPlan, type JobState } from '../../contract/index.ts'
import type { Database } from '../../storage/index.ts'
import { notFound } from '../notFound.ts'

interface JobRow {
  id: string
  kind: string
  title: string
  state: string
  plan_json: string
  progress_json: string | null
  device_json: string | null
  error_json: string | null
  result_model_id: string | null
  process_id: number | null
  checkpoint_path: string | null
  created_at: string
  started_at: string | null
  ended_at: string | null
}

/** A job with what only the scheduler needs. */
export interface StoredJob {
  readonly job: Job
  readonly checkpointPath: string | null
  /** The engine process that a killed core may have left behind. */
  readonly processId: number | null
}

const parsed = (text: string | null): unknown => (text === null ? null : JSON.parse(text))

const storedJobOf = (row: JobRow): StoredJob => ({
  job: jobSchema.parse({
    id: row.id,
    kind: row.kind,
    title: row.title,
    state: row.state,
    plan: JSON.parse(row.plan_json),
    progress: parsed(row.progress_json),
    device: parsed(row.device_json),
    error: parsed(row.error_json),
    resultModelId: row.result_model_id,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }),
  checkpointPath: row.checkpoint_path,
  processId: row.process_id,
})

/** Jobs, newest first. */
export function listJobs(database: Database): StoredJob[] {
  return database.all<JobRow>('SELECT * FROM jobs ORDER BY position DESC').map(storedJobOf)
}

/** @throws GliadeskError NOT_FOUND */
export function findJob(database: Database, jobId: string): StoredJob {
  const row = database.get<JobRow>('SELECT * FROM jobs WHERE id = :jobId', { jobId })
  if (!row) throw notFound('job', jobId)
  return storedJobOf(row)
}

export function addJob(
  database: Database,
  job: { id: string; title: string; plan: JobPlan },
): StoredJob {
  database.run(
    `INSERT INTO jobs (id, position, kind, title, state, plan_json, created_at)
     VALUES (:id, (SELECT coalesce(max(position), 0) + 1 FROM jobs), :kind, :title, 'queued', :plan, :at)`,
    {
      id: job.id,
      kind: job.plan.kind,
      title: job.title,
      plan: JSON.stringify(job.plan),
      at: new Date().toISOString(),
    },
  )
  return findJob(database, job.id)
}

/** What may change of a job; the plan never does. */
export interface JobChange {
  readonly state?: JobState
  readonly progress?: Job['progress']
  readonly device?: Job['device']
  readonly error?: Job['error']
  readonly resultModelId?: string
  readonly checkpointPath?: string
  readonly processId?: number | null
  readonly startedAt?: string
  readonly endedAt?: string | null
}

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))

export function changeJob(database: Database, jobId: string, change: JobChange): void {
  const columns: Record<string, string | number | null | undefined> = {
    state: change.state,
    progress_json: change.progress === undefined ? undefined : json(change.progress),
    device_json: change.device === undefined ? undefined : json(change.device),
    error_json: change.error === undefined ? undefined : json(change.error),
    result_model_id: change.resultModelId,
    checkpoint_path: change.checkpointPath,
    process_id: change.processId,
    started_at: change.startedAt,
    ended_at: change.endedAt,
  }
  for (const [column, value] of Object.entries(columns)) {
    if (value === undefined) continue
    database.run(`UPDATE jobs SET ${column} = :value WHERE id = :jobId`, { jobId, value })
  }
}

/** Jobs that wait, the next one first: predictions, because a reader waits for them, then the oldest. */
export function queuedJobs(database: Database): StoredJob[] {
  return database
    .all<JobRow>(
      `SELECT * FROM jobs WHERE state = 'queued' ORDER BY kind = 'predict' DESC, position`,
    )
    .map(storedJobOf)
}

/** Cases of a prediction job that already have their proposal. */
export function predictedCaseIds(database: Database, jobId: string): Set<string> {
  const rows = database.all<{ case_id: string }>(
    'SELECT case_id FROM proposals WHERE job_id = :jobId',
    { jobId },
  )
  return new Set(rows.map((row) => row.case_id))
}
