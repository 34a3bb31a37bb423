import { access, readdir, rm } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import {
  GliadeskError,
  type EvaluationPlan,
  type Job,
  type JobError,
  type JobManifest,
  type TrainingPlan,
} from '../../contract/index.ts'
import { DEFAULT_INFERENCE } from '../../engine/planning/index.ts'
import { asStorageError, writeFileAtomically } from '../../storage/index.ts'
import { evaluationManifest, predictionManifest, trainingManifest } from './buildManifest.ts'
import {
  startEngine,
  type EngineCommand,
  type EngineNews,
  type EngineOutcome,
  type EngineRun,
} from './engineProcess.ts'
import type { JobBoard } from './jobBoard.ts'
import { findJob, predictedCaseIds } from './jobRecords.ts'
import { manifestPathOf } from './manifestPath.ts'
import { gibibytes } from './memoryAdvice.ts'
import type { MemoryAdvisor } from './memoryAdvisor.ts'
import { keepPrediction, keepResult, type ResultServices } from './keepResult.ts'

export interface RunServices extends ResultServices {
  readonly board: JobBoard
  readonly engine: EngineCommand
  readonly memory: MemoryAdvisor
}

/** Why a running job is asked to end: a person, or the program that closes. */
export type StopReason = 'pause' | 'cancel' | 'close'

/** The hand on a running job. */
export interface JobControl {
  stop: StopReason | null
  run: EngineRun | null
}

/** A running job, and what its engine processes see of the machine. */
interface Attempt {
  readonly control: JobControl
  readonly environment: Readonly<Record<string, string>>
}

/** Name of the checkpoint that a training engine keeps up to date in its folder (engine/training). */
const LAST_CHECKPOINT = 'last.safetensors'

const isTraining = (plan: Job['plan']): plan is TrainingPlan =>
  plan.kind !== 'predict' && plan.kind !== 'evaluate'

/** Passes a wish to end on to the engine: training can save a checkpoint first, everything else just ends. */
export function stopJob(control: JobControl, job: Job, reason: StopReason): void {
  control.stop = reason
  const canPause = reason !== 'cancel' && isTraining(job.plan) && job.resultModelId === null
  if (canPause) control.run?.pause()
  else control.run?.cancel()
}

/**
 * Runs a job in an engine process until it ends, is paused or is stopped. Never rejects: failures become its state.
 *
 * @param environment variables that show the engine its devices
 */
export async function runJob(
  services: RunServices,
  jobId: string,
  control: JobControl,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const { board } = services
  try {
    board.change(jobId, {
      state: 'running',
      error: null,
      endedAt: null,
      ...firstStart(board, jobId),
    })
    const outcome = await runToOutcome(services, jobId, { control, environment })
    await board.eventsWritten(jobId)
    settle(services, jobId, control, outcome)
  } catch (error) {
    const { code, message, remedy } = asStorageError(error, 'running the job', 'its folder')
    settle(services, jobId, control, { kind: 'failed', error: { code, message, remedy } })
  }
  const { state } = board.get(jobId)
  if (state === 'done' || state === 'cancelled') await tidy(services, jobId)
}

const firstStart = (board: JobBoard, jobId: string): { startedAt?: string } =>
  board.get(jobId).startedAt ? {} : { startedAt: new Date().toISOString() }

async function runToOutcome(
  services: RunServices,
  jobId: string,
  attempt: Attempt,
): Promise<EngineOutcome> {
  const { board, workspace } = services
  const { control } = attempt
  const job = board.get(jobId)
  const { plan } = job
  if (job.resultModelId === null) {
    const manifest = await manifestOf(services, job)
    if (plan.kind === 'predict' && manifest.subjects.length === 0) {
      return { kind: 'done', result: { kind: 'predictions', cases: [] } }
    }
    if (isTraining(plan)) await sayMemory(services, jobId, plan)
    const outcome = await runEngine(services, job, manifest, attempt)
    if (outcome.kind !== 'done') return outcome
    const evaluated = plan.kind === 'evaluate' ? plan : null
    const modelId = await keepResult(services, job, outcome.result, evaluated)
    if (modelId) board.change(jobId, { resultModelId: modelId })
    if (plan.kind !== 'finetune') return outcome
  }
  const trained = findJob(workspace.database, jobId).job
  if (plan.kind === 'finetune' && !control.stop) {
    await compareHeldOut(services, trained, plan, attempt)
  }
  return control.stop === null || control.stop === 'cancel'
    ? { kind: 'done', result: { kind: 'predictions', cases: [] } }
    : { kind: 'stopped' }
}

/** Notes in the job's log what it will hold; it was admitted, but other programs may have taken the memory since. */
async function sayMemory(services: RunServices, jobId: string, plan: TrainingPlan): Promise<void> {
  const { fits, totalBytes, availableBytes, limitedBy } = await services.memory.advise(plan)
  const has =
    availableBytes === null ? '' : ` of the ${gibibytes(availableBytes)} that ${limitedBy} has`
  await services.board.emit(jobId, {
    type: 'log',
    level: fits ? 'info' : 'warning',
    message: `Needs about ${gibibytes(totalBytes)}${has}.`,
  })
}

async function manifestOf(services: RunServices, job: Job): Promise<JobManifest> {
  const { workspace } = services
  const { plan, id: jobId } = job
  const folder = join(workspace.jobFolder(jobId), 'run')
  if (plan.kind === 'predict') {
    const done = predictedCaseIds(workspace.database, jobId)
    return predictionManifest(workspace, plan, { jobId, folder, done })
  }
  if (plan.kind === 'evaluate') return evaluationManifest(workspace, plan, { jobId, folder })
  const { checkpointPath } = findJob(workspace.database, jobId)
  const resumeFrom = await firstThatExists([checkpointPath, join(folder, LAST_CHECKPOINT)])
  return trainingManifest(workspace, plan, { jobId, folder, resumeFrom })
}

async function firstThatExists(paths: readonly (string | null)[]): Promise<string | null> {
  for (const path of paths) {
    if (
      path &&
      (await access(path).then(
        () => true,
        () => false,
      ))
    )
      return path
  }
  return null
}

/** One engine process from start to end; what it says on the way is stored in the order in which it comes. */
async function runEngine(
  services: RunServices,
  job: Job,
  manifest: JobManifest,
  { control, environment }: Attempt,
): Promise<EngineOutcome> {
  const { board, workspace, engine } = services
  const manifestPath = manifestPathOf(workspace, job.id)
  const bytes = new TextEncoder().encode(JSON.stringify(manifest, null, 2))
  await writeFileAtomically(workspace.files, manifestPath, bytes, randomUUID())

  let line: Promise<void> = Promise.resolve()
  const trouble: { error: unknown } = { error: null }
  const hearInTurn = (news: EngineNews): void => {
    line = line
      .then(() => hear(services, job, news))
      .catch((error: unknown) => {
        trouble.error ??= error
        run.cancel()
      })
  }
  const run = startEngine(engine, manifest, manifestPath, hearInTurn, environment)
  control.run = run
  board.change(job.id, { processId: run.processId })
  if (control.stop) stopJob(control, job, control.stop)
  const outcome = await run.ended
  await line
  control.run = null
  board.change(job.id, { processId: null })
  if (trouble.error) throw trouble.error
  return outcome
}

async function hear(services: RunServices, job: Job, news: EngineNews): Promise<void> {
  const { board } = services
  if (news.type === 'started') board.change(job.id, { device: news.device })
  else if (news.type === 'progress') board.progress(job.id, news.progress)
  else if (news.type === 'event') await board.emit(job.id, news.event)
  else await keepPrediction(services, job, news.prediction)
}

/**
 * Scores the model before and after fine-tuning on the held-out cases, so that a person who promotes has the
 * measured difference. Where it cannot be measured, the job is done all the same and says so.
 */
async function compareHeldOut(
  services: RunServices,
  job: Job,
  plan: TrainingPlan,
  attempt: Attempt,
): Promise<void> {
  const { board, workspace } = services
  const modelIds = [plan.initialModelId, job.resultModelId].filter((id) => id !== null)
  for (const datasetId of plan.datasetIds) {
    const evaluation: EvaluationPlan = {
      schema: 1,
      kind: 'evaluate',
      modelIds,
      datasetId,
      split: 'test',
      inference: DEFAULT_INFERENCE,
      backend: plan.backend,
    }
    try {
      const folder = join(workspace.jobFolder(job.id), 'run', 'comparison')
      const manifest = evaluationManifest(workspace, evaluation, { jobId: job.id, folder })
      const outcome = await runEngine(services, job, manifest, attempt)
      if (outcome.kind === 'done') await keepResult(services, job, outcome.result, evaluation)
      else if (outcome.kind === 'failed') throw asError(outcome.error)
      else return
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      await board.emit(job.id, {
        type: 'log',
        level: 'warning',
        message: `The difference to the model before could not be measured: ${message}`,
      })
    }
  }
}

const asError = ({ message, remedy }: JobError): GliadeskError =>
  new GliadeskError('INTERNAL', message, remedy)

/** Turns the end of a run into the job's state. */
function settle(
  services: RunServices,
  jobId: string,
  control: JobControl,
  outcome: EngineOutcome,
): void {
  const { board } = services
  const endedAt = new Date().toISOString()
  switch (outcome.kind) {
    case 'done':
      board.change(jobId, { state: 'done', endedAt })
      break
    case 'paused':
      board.change(jobId, {
        state: control.stop === 'close' ? 'queued' : 'paused',
        checkpointPath: outcome.checkpointPath,
      })
      break
    case 'stopped':
      if (control.stop === 'cancel') board.change(jobId, { state: 'cancelled', endedAt })
      else board.change(jobId, { state: control.stop === 'close' ? 'queued' : 'paused' })
      break
    case 'failed':
      // A kill that we asked for is no crash: the last checkpoint is where it goes on.
      if (control.stop === 'close') board.change(jobId, { state: 'queued' })
      else board.change(jobId, { state: 'failed', error: outcome.error, endedAt })
  }
}

/** Removes what the engine left in its folder; results are stored, the log stays. */
async function tidy(services: RunServices, jobId: string): Promise<void> {
  const folder = join(services.workspace.jobFolder(jobId), 'run')
  const names = await readdir(folder).catch(() => [])
  for (const name of names) {
    if (name !== 'engine.log') await rm(join(folder, name), { recursive: true, force: true })
  }
}
