import type { InferContractRouterInputs } from '@orpc/contract'
import {
  GliadeskError,
  SEQUENCE_TITLES,
  canRead,
  type BackendChoice,
  type Contract,
  type DeviceChoice,
  type EstimateRequest,
  type Job,
  type JobEvent,
  type JobPlan,
  type MemoryEstimate,
  type Model,
  type Sequence,
  type TrainingPlan,
  type TrainingResources,
} from '../../contract/index.ts'
import {
  DEFAULT_INFERENCE,
  planDistillation,
  planFinetuning,
  planTraining,
  type DistilRequest,
  type FinetuneRequest,
  type TrainRequest,
} from '../../engine/planning/index.ts'
import { findCase } from '../cases/index.ts'
import { newId } from '../identifiers/index.ts'
import { findModel, findRecipe, fittedInference } from '../models/index.ts'
import { notFound } from '../notFound.ts'
import type { SettingsService } from '../settings/index.ts'
import { evaluationManifest, trainingManifest } from './buildManifest.ts'
import { createDevicePool, type DevicePool } from './devicePool.ts'
import type { JobMachine } from './jobMachine.ts'
import { addJob } from './jobRecords.ts'
import { requireMemory } from './memoryAdvice.ts'
import { createMemoryAdvisor } from './memoryAdvisor.ts'
import type { RunServices } from './runJob.ts'
import { createScheduler, type Scheduler } from './scheduler.ts'
import { selectCorrectedCases } from './selectCorrectedCases.ts'

type Requests = InferContractRouterInputs<Contract>['jobs']
type PredictRequest = Requests['predict']
type EvaluateRequest = Requests['evaluate']

export interface JobService {
  list(): Job[]
  get(jobId: string): Job
  /** The memory that a training would take, against what its device has. @throws GliadeskError NOT_FOUND, BAD_INPUT */
  estimate(request: EstimateRequest): Promise<MemoryEstimate>
  /** @throws GliadeskError BAD_INPUT for a graphics card that this computer does not have */
  requireDevice(device: DeviceChoice | undefined): Promise<void>
  /** Each queues a job after checking that it can run at all. @throws GliadeskError NOT_FOUND, BAD_INPUT */
  train(request: TrainRequest): Promise<Job>
  distil(request: DistilRequest): Promise<Job>
  finetune(request: FinetuneRequest): Promise<Job>
  predict(request: PredictRequest): Job
  evaluate(request: EvaluateRequest): Job
  /** @throws GliadeskError WRONG_STATE */
  pause(jobId: string): Job
  resume(jobId: string): Job
  cancel(jobId: string): Job
  watch(jobId: string, signal?: AbortSignal): AsyncGenerator<Job, void, void>
  events(jobId: string, signal?: AbortSignal): AsyncGenerator<JobEvent, void, void>
  start(): Promise<void>
  close(): Promise<void>
}

/** @param resumeJobs whether jobs left by an earlier run of the program go on by themselves */
export function createJobService(
  services: Omit<RunServices, 'memory'> & {
    readonly settings: SettingsService
    readonly machine: JobMachine
  },
  resumeJobs: boolean,
): JobService {
  const { workspace, models, board, settings } = services
  const { database, audit } = workspace
  const { machine } = services
  const memory = createMemoryAdvisor(workspace, models, machine)
  const findDevices = async (): Promise<DevicePool> => {
    // Whatever goes wrong with cards, the processor still computes.
    const cards = await machine.cards().catch(() => [])
    const usable = cards.length > 0 && (await machine.probe('auto')).gpu ? cards : []
    const ids = usable.map(({ index }) => `cuda:${index}`)
    return createDevicePool(ids, () => settings.get().processorJobs)
  }
  const scheduler: Scheduler = createScheduler({ ...services, memory }, findDevices, resumeJobs)

  const chosen = (backend: BackendChoice): BackendChoice =>
    backend === 'auto' ? settings.get().backend : backend
  const enqueue = (title: string, plan: JobPlan): Job => {
    const { job } = addJob(database, { id: newId('job'), title, plan })
    audit.append({
      actor: settings.get().readerName,
      action: `job.${plan.kind}`,
      subject: job.id,
      detail: {},
    })
    board.change(job.id, {})
    // The caller gets the queued job before anything happens to it.
    setImmediate(() => scheduler.wake())
    return job
  }
  /** Fails now, with the person still there, rather than later in the queue. */
  const checkTrainable = (plan: Parameters<typeof trainingManifest>[1]): void =>
    void trainingManifest(workspace, plan, { jobId: 'job-check', folder: '', resumeFrom: null })

  const requireDevice: JobService['requireDevice'] = async (device = 'auto') => {
    if (!device.startsWith('cuda:')) return
    const cards = await machine.cards()
    if (!cards.some(({ index }) => device === `cuda:${index}`)) throw noSuchDevice(device)
  }
  /** Refuses now what would run out of memory, unless the person insists. */
  const admit = async (
    plan: TrainingPlan,
    resources?: TrainingResources,
  ): Promise<TrainingPlan> => {
    await requireDevice(plan.device)
    if (!resources?.ignoreMemory) requireMemory(await memory.advise(plan))
    return plan
  }

  return {
    requireDevice,
    list: () => board.list(),
    estimate: (request) => {
      const backend = chosen(request.backend)
      return memory.estimate({ ...request, backend })
    },
    get: (jobId) => board.get(jobId),
    train: async (request) => {
      const recipe = request.recipe ?? findRecipe(models.recipes(), request.recipeId)
      const plan = planTraining({ ...request, backend: chosen(request.backend) }, recipe)
      checkTrainable(plan)
      return enqueue(`Train ${plan.name}`, await admit(plan, request.resources))
    },
    distil: async (request) => {
      const recipe = request.recipe ?? findRecipe(models.recipes(), request.recipeId)
      const teacher = findModel(database, request.teacherModelId)
      const plan = planDistillation(
        { ...request, backend: chosen(request.backend) },
        recipe,
        teacher,
      )
      checkTrainable(plan)
      return enqueue(
        `Distil ${plan.name} from ${teacher.name}`,
        await admit(plan, request.resources),
      )
    },
    finetune: async (request) => {
      const model = findModel(database, request.modelId)
      const { caseIds, datasetIds, heldOut } = selectCorrectedCases(workspace, request, model)
      const plan = planFinetuning(
        { ...request, caseIds, backend: chosen(request.backend) },
        model,
        { datasetIds, recipes: models.recipes() },
      )
      await admit(plan, request.resources)
      const job = enqueue(`Fine-tune ${model.name} on ${counted(caseIds.length)}`, plan)
      if (heldOut > 0) {
        void board.emit(job.id, {
          type: 'log',
          level: 'warning',
          message: `${counted(heldOut)} of the chosen ones are held out to measure models and were not learned from.`,
        })
      }
      return job
    },
    predict: (request) => {
      const cases = request.caseIds.map((caseId) => {
        const found = findCase(database, caseId)
        if (!found) throw notFound('case', caseId)
        return found
      })
      const shared = (found: Sequence): boolean =>
        cases.every(({ sequences }) => sequences.includes(found))
      const model = request.modelId
        ? findModel(database, request.modelId)
        : models.defaultFor(cases[0].sequences.filter(shared))
      if (!model) throw noModelFits()
      for (const { name, sequences } of cases) requireSequences(model, name, sequences)
      return enqueue(`Predict ${counted(cases.length)} with ${model.name}`, {
        schema: 1,
        kind: 'predict',
        modelId: model.id,
        caseIds: [...new Set(request.caseIds)],
        inference: { ...DEFAULT_INFERENCE, ...fittedInference(model), ...request.inference },
        backend: chosen(request.backend),
        device: request.device,
      })
    },
    evaluate: (request) => {
      const names = request.modelIds.map((id) => findModel(database, id).name)
      const plan = {
        schema: 1 as const,
        kind: 'evaluate' as const,
        ...request,
        inference: DEFAULT_INFERENCE,
        backend: chosen(request.backend),
      }
      evaluationManifest(workspace, plan, { jobId: 'job-check', folder: '' })
      return enqueue(`${plan.fit ? 'Fit' : 'Evaluate'} ${names.join(', ')}`, plan)
    },
    pause: (jobId) => scheduler.pause(jobId),
    cancel: (jobId) => scheduler.cancel(jobId),
    resume: (jobId) => {
      const job = board.get(jobId)
      if (job.state !== 'paused' && job.state !== 'failed') {
        throw new GliadeskError(
          'WRONG_STATE',
          `${job.title} is ${job.state}; only a paused or failed job can be resumed.`,
          'Start it again from its page.',
        )
      }
      const queued = board.change(jobId, { state: 'queued', error: null, endedAt: null })
      setImmediate(() => scheduler.wake())
      return queued
    },
    watch: (jobId, signal) => board.watch(jobId, signal),
    events: (jobId, signal) => board.events(jobId, signal),
    start: () => scheduler.start(),
    close: async () => {
      await scheduler.close()
      board.close()
    },
  }
}

const counted = (count: number): string => `${count} ${count === 1 ? 'case' : 'cases'}`

function noSuchDevice(device: string): GliadeskError {
  return new GliadeskError(
    'BAD_INPUT',
    `This computer has no graphics card ${device.slice(5)}.`,
    'Choose the device "auto", or look at the devices in Settings or with "gliadesk doctor".',
  )
}

function noModelFits(): GliadeskError {
  return new GliadeskError(
    'BAD_INPUT',
    'No model in use reads only sequences that all of these cases have.',
    'Choose a model by hand, or predict cases with different sequences separately.',
  )
}

function requireSequences(model: Model, caseName: string, sequences: readonly Sequence[]): void {
  if (canRead(model, sequences)) return
  const missing = model.sequences.find((sequence) => !sequences.includes(sequence))!
  throw new GliadeskError(
    'BAD_INPUT',
    `${caseName} has no ${SEQUENCE_TITLES[missing]}, which ${model.name} reads.`,
    'Choose a model for the sequences that this case has.',
  )
}
