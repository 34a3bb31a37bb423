import type { JobProgress, ManifestCase } from '../../contract/index.ts'
import { encodeCheckpoint, writeFileAtomically, type ValidationScore } from '../checkpoint/index.ts'
import type { CaseCache } from '../data/index.ts'
import { parameterCount, readParameters, type NamedArray } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import { runBatches } from './runBatches.ts'
import type { BatchRequest } from './batchRequest.ts'
import { graphSnapshot } from './graphSnapshot.ts'
import { encodeModelFile } from './modelFile.ts'
import { stepGradient } from './parallelGradient.ts'
import { createRunCaches } from './runCaches.ts'
import { createRemainingTime, type RemainingTime } from './remainingTime.ts'
import {
  captureCheckpoint,
  createTrainingState,
  disposeTrainingState,
  type TrainingState,
} from './trainingState.ts'
import {
  type StartedBatches,
  type StartedPeers,
  type TrainingInputs,
  type TrainingOutcome,
  type TrainingPorts,
} from './trainingRun.ts'
import { applyGradient, observeTeacher, spokenLabels } from './trainStep.ts'
import { usableCases, type UsableCases } from './usableCases.ts'
import { timedBatches, type TimedBatches } from './timedBatches.ts'
import { validateNetwork } from './validateNetwork.ts'

/** Batches from which a guide takes its statistics over the teacher's features. */
const OBSERVED_BATCHES = 24

interface Run {
  readonly inputs: TrainingInputs
  readonly ports: TrainingPorts
  readonly state: TrainingState
  readonly batches: TimedBatches
  /** The labelled ones of the inputs. */
  readonly validation: readonly ManifestCase[]
  readonly validationCases: CaseCache
  readonly time: RemainingTime
  /** Other processes that share every step; null where this one computes alone. */
  readonly peers: StartedPeers | null
}

/** Thrown inside of a validation to leave it at once when the run is cancelled. */
class Interrupted extends Error {}

/**
 * Trains, distils or fine-tunes a network as the plan of the inputs says, from step 0 or from a checkpoint.
 * Writes "last.safetensors" (checkpoint), "best.safetensors" (weights of the best validation) and, at the end,
 * "weights.safetensors" into the folder.
 *
 * @throws GliadeskError BAD_INPUT without usable training cases, NOT_A_NUMBER for a broken batch
 */
export async function runTraining(
  inputs: TrainingInputs,
  ports: TrainingPorts,
): Promise<TrainingOutcome> {
  const state = createTrainingState(inputs)
  let peers: StartedPeers | null = null
  let started: StartedBatches | null = null
  try {
    const usable = usableCases(inputs, ports, state.guide.needsTeacher)
    const all = [...usable.training, ...usable.corrected, ...usable.validation, ...usable.pool]
    const caches = createRunCaches(inputs, ports, all)
    const request = batchRequest(inputs, usable)
    started = ports.startBatches?.(request) ?? null
    const run: Run = {
      inputs,
      ports,
      state,
      batches: timedBatches(started ?? runBatches(request, ports), ports.secondsNow),
      validation: usable.validation,
      validationCases: caches.validation,
      time: createRemainingTime(),
      peers,
    }
    await prepareGuide(run)
    peers = await startPeers(run)
    return await loop({ ...run, peers })
  } finally {
    started?.close()
    peers?.close()
    disposeTrainingState(state)
  }
}

/** What another thread needs of the run. */
function batchRequest(
  { plan, teacher, cacheBytes }: TrainingInputs,
  usable: UsableCases,
): BatchRequest {
  const { training, corrected, pool } = usable
  return {
    plan,
    usable: { training, corrected, pool },
    teacher: teacher && {
      sequences: [...teacher.sequences],
      network: { config: { acceptsMissing: teacher.network.config.acceptsMissing } },
    },
    cacheBytes,
  }
}

/** Peers start where the run stands: what a guide froze and a checkpoint brought reaches them the same way. */
async function startPeers({ inputs, ports, state }: Run): Promise<StartedPeers | null> {
  if (inputs.plan.processes === 1 || !ports.startPeers || ports.requested() === 'cancel')
    return null
  const values = [...state.trained.values()].reduce((sum, { size }) => sum + size, 0)
  return ports.startPeers(encodeCheckpoint(await captureCheckpoint(state)), values)
}

async function loop(run: Run): Promise<TrainingOutcome> {
  const { ports, state } = run
  const { plan } = state
  report(run, 'Training')
  while (state.step < plan.steps && !hasStalled(state)) {
    await ports.yieldToEvents()
    const request = ports.requested()
    if (request === 'cancel') return { kind: 'cancelled' }
    if (request === 'pause') return { kind: 'paused', checkpointPath: await saveCheckpoint(run) }
    await doStep(run)
    if (state.step % plan.validateEverySteps === 0 || state.step === plan.steps) {
      try {
        await doValidation(run)
        await showGraph(run)
      } catch (error) {
        if (error instanceof Interrupted) return { kind: 'cancelled' }
        throw error
      }
    }
    const isLast = state.step === plan.steps || hasStalled(state)
    const isDue = state.step % plan.checkpointEverySteps === 0 || isLast
    if (isDue) await saveCheckpoint(run)
  }
  return finish(run)
}

/** Whether the plan's patience with a run that gets no better is over. */
const hasStalled = ({ plan, validationsSinceBest }: TrainingState): boolean =>
  plan.patience !== undefined && validationsSinceBest >= plan.patience

async function doStep(run: Run): Promise<void> {
  const { ports, state, batches, time, peers } = run
  const start = ports.secondsNow()
  const record = applyGradient(state, await stepGradient(state, batches, peers))
  const seconds = ports.secondsNow() - start
  time.addStep(seconds)
  const secondsWaiting = batches.takeSecondsWaiting()
  ports.emit({ type: 'step', step: state.step, ...record, secondsPerStep: seconds, secondsWaiting })
  report(run, 'Training')
}

async function doValidation(run: Run): Promise<void> {
  const { ports, state, validation, validationCases, time } = run
  if (validation.length === 0) return
  const start = ports.secondsNow()
  report(run, 'Validating')
  const validate = (): ReturnType<typeof validateNetwork> =>
    validateNetwork(
      state.network,
      state.plan.patchSize,
      validation,
      (caseId) => validationCases.get(caseId),
      {
        afterWindows: async () => {
          await ports.yieldToEvents()
          if (ports.requested() === 'cancel') throw new Interrupted()
        },
      },
    )
  const score = await (state.average ? state.average.during(validate) : validate())
  time.addValidation(ports.secondsNow() - start)
  ports.emit({
    type: 'validation',
    step: state.step,
    ...score,
    cases: validation.length,
  })
  // A score that no case defines says nothing, and of equal scores the later one has learned longer: while all are
  // still 0, the first validation must not keep its place.
  const isBest = score.meanDice !== null && score.meanDice >= (state.best?.meanDice ?? 0)
  const isBetter = isBest && (score.meanDice ?? 0) > (state.best?.meanDice ?? 0)
  state.validationsSinceBest = isBetter ? 0 : state.validationsSinceBest + 1
  if (isBest) await saveBest(run, { step: state.step, ...score })
  if (hasStalled(state)) {
    const message = `Ended early after step ${state.step}: ${state.validationsSinceBest} validations in a row without a better score.`
    ports.emit({ type: 'log', level: 'info', message })
  }
}

/** What a graph distillation's student has learned from where, for the job's page. */
async function showGraph({ ports, state, batches }: Run): Promise<void> {
  const snapshot = await graphSnapshot(state, batches)
  if (snapshot) ports.emit({ type: 'graph', step: state.step, snapshot })
}

/** What becomes the model: averaged where the plan asks for it. */
const keptWeights = ({ average, network }: TrainingState): Promise<Map<string, NamedArray>> =>
  average ? average.read() : readParameters(network.parameters)

async function saveBest(run: Run, score: ValidationScore): Promise<void> {
  const { inputs, ports, state } = run
  const weights = await keptWeights(state)
  const path = `${inputs.folder}/best.safetensors`
  await writeFileAtomically(ports.files, path, encodeModelFile(weights, state.plan))
  state.best = score
  ports.emit({ type: 'checkpoint', step: state.step, best: true })
}

async function saveCheckpoint(run: Run): Promise<string> {
  const { inputs, ports, state } = run
  const path = `${inputs.folder}/last.safetensors`
  await writeFileAtomically(ports.files, path, encodeCheckpoint(await captureCheckpoint(state)))
  ports.emit({ type: 'checkpoint', step: state.step, best: false })
  return path
}

async function finish(run: Run): Promise<TrainingOutcome> {
  const { inputs, ports, state } = run
  const weightsPath = `${inputs.folder}/weights.safetensors`
  const bytes = state.best
    ? await ports.files.readFile(`${inputs.folder}/best.safetensors`)
    : encodeModelFile(await keptWeights(state), state.plan)
  await writeFileAtomically(ports.files, weightsPath, bytes)
  return {
    kind: 'done',
    weightsPath,
    parameterCount: parameterCount(state.network.parameters),
    best: state.best,
  }
}

/** Lets the guide see the teacher on training data once, unless a checkpoint brought the statistics along. */
async function prepareGuide(run: Run): Promise<void> {
  const { state, batches, ports } = run
  if (!state.guide.needsObservation) return
  report(run, 'Looking at the teacher')
  for (let index = 0; index < OBSERVED_BATCHES; index++) {
    await ports.yieldToEvents()
    // A pause waits until the statistics are complete: half of them cannot be continued.
    if (ports.requested() === 'cancel') return
    const batch = await batches.observe(index)
    tf.tidy(() => {
      const output = observeTeacher(state, batch)
      if (output)
        state.guide.observeTeacher(output, spokenLabels(batch, state.plan.patchSize, output))
    })
  }
  state.guide.finishObservation()
}

function report(run: Run, message: string): void {
  const { state, ports, time } = run
  const { plan } = state
  const stepsLeft = plan.steps - state.step
  const progress: JobProgress = {
    done: state.step,
    total: plan.steps,
    unit: 'step',
    etaSeconds: time.estimate(stepsLeft, Math.ceil(stepsLeft / plan.validateEverySteps)),
    message,
  }
  ports.report(progress)
}
