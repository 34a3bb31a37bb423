import { beforeAll, describe, expect, it } from 'vitest'
import {
  DEFAULT_DISTILLATION,
  LABEL_COUNT,
  type ManifestCase,
  type TrainingPlan,
} from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { openBackend } from '../backends/index.ts'
import { decodeCheckpoint, readSafetensors } from '../checkpoint/index.ts'
import { buildUNet, readParameters, type NamedArray } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import { decodeModelFile } from './modelFile.ts'
import { runTraining } from './runTraining.ts'
import type { TrainedNetwork } from './trainedNetwork.ts'
import {
  inputsFor,
  memoryFiles,
  recordingPorts,
  smallPlan,
  writeCase,
} from './trainingRun.fixture.ts'
import type { RunRequest, TrainingInputs, TrainingPorts } from './trainingRun.ts'

const files = memoryFiles()
let cases: ManifestCase[]

beforeAll(async () => {
  await openBackend('wasm')
  cases = [await writeCase(files, 1), await writeCase(files, 2), await writeCase(files, 3)]
})

/** Random but fixed weights of the small plan's network. */
async function startingWeights(): Promise<Map<string, NamedArray>> {
  const start = buildUNet(smallPlan().network, 2, LABEL_COUNT, randomStream(5, 'start'))
  const weights = await readParameters(start.parameters)
  start.dispose()
  return weights
}

/** A random but fixed teacher of all four sequences. */
function teacherNetwork(): TrainedNetwork {
  const sequences = ['flair', 't1', 't1ce', 't2'] as const
  const network = buildUNet(smallPlan().network, 4, LABEL_COUNT, randomStream(9, 'teacher'))
  return { network, sequences, window: [16, 16, 16] }
}

describe('training', () => {
  it('learns one case by heart within seconds', { timeout: 120_000 }, async () => {
    const plan = smallPlan({
      steps: 90,
      validateEverySteps: 90,
      augmentation: { mirror: false, intensity: false, spatial: false },
    })
    const ports = recordingPorts(files)
    const inputs = inputsFor(plan, [cases[0]], { validation: [cases[0]] })
    const outcome = await runTraining(inputs, ports)
    expect(outcome.kind).toBe('done')
    if (outcome.kind !== 'done') return
    expect(outcome.best?.meanDice).toBeGreaterThan(0.9)
    expect(ports.losses.at(-1)).toBeLessThan(ports.losses[0] / 4)
    const { weights, window } = decodeModelFile(
      files.contents.get(outcome.weightsPath)!,
      outcome.weightsPath,
      plan.network,
    )
    expect(window).toEqual([16, 16, 16])
    expect([...weights.values()].reduce((n, x) => n + x.values.length, 0)).toBe(
      outcome.parameterCount,
    )
  })

  it('gives the same curve for the same plan and another for another seed', async () => {
    const curve = async (seed: number): Promise<number[]> => {
      const ports = recordingPorts(files)
      await runTraining(inputsFor(smallPlan({ steps: 4, seed }), cases), ports)
      return ports.losses
    }
    const first = await curve(3)
    expect(await curve(3)).toEqual(first)
    expect(await curve(4)).not.toEqual(first)
  })

  it('keeps no tensor when it ends, and none from step to step', async () => {
    const before = tf.memory().numTensors
    const counts: number[] = []
    const ports = recordingPorts(files)
    const counting = { ...ports, report: () => void counts.push(tf.memory().numTensors) }
    await runTraining(inputsFor(smallPlan({ steps: 6, validateEverySteps: 100 }), cases), counting)
    expect(new Set(counts.slice(2)).size).toBe(1)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('stops where it is cancelled, leaving no model behind', async () => {
    const ports = recordingPorts(files, { afterStep: 2, request: 'cancel' })
    const inputs = inputsFor(smallPlan(), cases, { folder: '/cancelled' })
    expect(await runTraining(inputs, ports)).toEqual({ kind: 'cancelled' })
    expect(ports.losses).toHaveLength(2)
    expect([...files.contents.keys()].filter((path) => path.startsWith('/cancelled'))).toEqual([])
  })

  it('leaves a validation at once when it is cancelled there', async () => {
    const ports = recordingPorts(files)
    let isValidating = false
    const cancelling: TrainingPorts = {
      ...ports,
      report: ({ message }) => void (isValidating ||= message === 'Validating'),
      requested: () => (isValidating ? 'cancel' : 'none'),
    }
    const inputs = inputsFor(smallPlan(), cases, { validation: cases, folder: '/left' })
    const before = tf.memory().numTensors
    expect(await runTraining(inputs, cancelling)).toEqual({ kind: 'cancelled' })
    expect(ports.events.map((event) => event.type)).toEqual(['step', 'step', 'step', 'step'])
    expect([...files.contents.keys()].filter((path) => path.startsWith('/left'))).toEqual([])
    expect(tf.memory().numTensors).toBe(before)
  })

  it('names the case whose images make the loss not a number', async () => {
    const plan = smallPlan({
      optimiser: { ...smallPlan().optimiser, learningRate: 1e30, warmupSteps: 0 },
    })
    await expect(runTraining(inputsFor(plan, [cases[1]]), recordingPorts(files))).rejects.toThrow(
      /of step \d is not a number\. Its patches came from Case 2/,
    )
  })

  it('leaves cases without a label out, saying so, and refuses to learn from nothing', async () => {
    const blank = { ...cases[0], label: null }
    const ports = recordingPorts(files)
    const plan = smallPlan({ steps: 1 })
    const validation = [blank, blank, cases[2]]
    await runTraining(inputsFor(plan, [blank, cases[1]], { validation }), ports)
    const messages = ports.events.flatMap((event) => (event.type === 'log' ? [event.message] : []))
    expect(messages).toEqual([
      'One of the training cases has no segmentation and is left out.',
      '2 of the validation cases have no segmentation and are left out.',
    ])
    expect(ports.events.find((event) => event.type === 'validation')?.cases).toBe(1)
    await expect(
      runTraining(inputsFor(smallPlan(), [blank]), recordingPorts(files)),
    ).rejects.toThrow('None of the training cases has a segmentation')
  })
})

describe('a run that was paused', () => {
  const finetune = { correctedCaseIds: ['case-1'], replayFraction: 0.5, retainWeight: 1 }
  const kinds: [string, Partial<TrainingPlan>][] = [
    ['training', {}],
    ['fine-tuning', { kind: 'finetune', initialModelId: 'model-one', finetune }],
    ['gkd', distilled({ ...DEFAULT_DISTILLATION.gkd, gridSize: 2 })],
    ['gkd-published', distilled(DEFAULT_DISTILLATION['gkd-published'])],
    ['hint', distilled(DEFAULT_DISTILLATION.hint)],
    ['logits', distilled(DEFAULT_DISTILLATION.logits)],
  ]

  it.each(kinds)('goes on bit for bit: %s', async (_name, changes) => {
    const plan = smallPlan({ ...changes, batchSize: 2 })
    const teacher = plan.kind === 'distil' ? teacherNetwork() : null
    const initialWeights = plan.kind === 'finetune' ? await startingWeights() : null
    const corrected = plan.kind === 'finetune' ? [cases[0]] : []
    const inputs = (folder: string, more: Partial<TrainingInputs> = {}) =>
      inputsFor(plan, cases.slice(corrected.length), {
        corrected,
        validation: [cases[2]],
        teacher,
        initialWeights,
        folder,
        ...more,
      })

    const straight = recordingPorts(files)
    await runTraining(inputs('/straight'), straight)

    const first = recordingPorts(files, { afterStep: 5, request: 'pause' })
    const paused = await runTraining(inputs('/paused'), first)
    expect(paused).toEqual({ kind: 'paused', checkpointPath: '/paused/last.safetensors' })
    const resumeFrom = decodeCheckpoint(files.contents.get('/paused/last.safetensors')!, 'last')
    const second = recordingPorts(files)
    await runTraining(inputs('/paused', { resumeFrom }), second)

    expect(first.losses).toHaveLength(5)
    expect([...first.losses, ...second.losses]).toEqual(straight.losses)
    expect(files.contents.get('/paused/last.safetensors')).toEqual(
      files.contents.get('/straight/last.safetensors'),
    )
    expect(files.contents.get('/paused/weights.safetensors')).toEqual(
      files.contents.get('/straight/weights.safetensors'),
    )
    teacher?.network.dispose()
  })

  it('keeps the plan in the checkpoint', () => {
    const { metadata } = readSafetensors(files.contents.get('/paused/last.safetensors')!, 'last')
    expect(JSON.parse(metadata.gliadesk).plan.name).toBe('Small')
  })
})

function distilled(distillation: TrainingPlan['distillation']): Partial<TrainingPlan> {
  return {
    kind: 'distil',
    role: 'student',
    sequences: ['flair'],
    teacherModelId: 'teacher-one',
    distillation,
  }
}

describe('distillation', () => {
  it('learns from cases without a label through the teacher', async () => {
    const teacher = teacherNetwork()
    const plan = smallPlan({ ...distilled(DEFAULT_DISTILLATION.logits), steps: 3 })
    const ports = recordingPorts(files)
    const unlabelled = cases.map((item) => ({ ...item, label: null }))
    const outcome = await runTraining(inputsFor(plan, unlabelled, { teacher }), ports)
    expect(outcome.kind).toBe('done')
    const step = ports.events.find((event) => event.type === 'step')
    expect(step?.loss).toBeGreaterThan(0)
    expect(Object.keys(step?.terms ?? {})).not.toContain('dice')
    teacher.network.dispose()
  })
})

describe('the look at the teacher before the first step', () => {
  const plan = smallPlan({ ...distilled(DEFAULT_DISTILLATION.hint), steps: 2 })

  /** Runs the plan, asking for something from the n-th look at the events on. */
  async function look(asked: RunRequest, turns: number, changes: Partial<TrainingInputs> = {}) {
    const teacher = teacherNetwork()
    const ports = recordingPorts(files)
    const messages: string[] = []
    let turn = 0
    const outcome = await runTraining(inputsFor(plan, cases, { teacher, ...changes }), {
      ...ports,
      yieldToEvents: async () => void turn++,
      requested: () => (turn >= turns ? asked : 'none'),
      report: ({ message }) => void messages.push(message),
    })
    teacher.network.dispose()
    return { outcome, messages, losses: ports.losses, turns: turn }
  }

  it('is left at once when it is cancelled', async () => {
    const { outcome, losses, turns } = await look('cancel', 3)
    expect(outcome).toEqual({ kind: 'cancelled' })
    // One more turn, in front of the first step, hears it again.
    expect(turns).toBe(4)
    expect(losses).toEqual([])
  })

  it('is finished before a pause and not repeated after it', async () => {
    const straight = await look('none', 0)
    const paused = await look('pause', 3, { folder: '/looked' })
    expect(paused.outcome.kind).toBe('paused')
    expect(paused.losses).toEqual([])
    const resumeFrom = decodeCheckpoint(files.contents.get('/looked/last.safetensors')!, 'last')
    const resumed = await look('none', 0, { folder: '/looked', resumeFrom })
    expect(straight.messages).toContain('Looking at the teacher')
    expect(resumed.messages).not.toContain('Looking at the teacher')
    expect(resumed.losses).toEqual(straight.losses)
  })
})

describe('a student whose guidance asks no teacher', () => {
  it.each(['none', 'label-smoothing'] as const)('leaves unlabelled cases out: %s', async (name) => {
    const teacher = teacherNetwork()
    const plan = smallPlan({ ...distilled(DEFAULT_DISTILLATION[name]), steps: 4 })
    const ports = recordingPorts(files)
    const blank = { ...cases[0], label: null }
    await runTraining(inputsFor(plan, [blank, blank, blank, cases[1]], { teacher }), ports)
    expect(ports.losses).toHaveLength(4)
    expect(ports.events[0]).toMatchObject({ type: 'log', level: 'warning' })
    teacher.network.dispose()
  })
})

describe('fine-tuning', () => {
  it('starts from the given weights and holds on to them where reader and model agree', async () => {
    const initialWeights = await startingWeights()
    const plan = smallPlan({
      kind: 'finetune',
      steps: 2,
      initialModelId: 'model-one',
      finetune: { correctedCaseIds: ['case-1'], replayFraction: 0.5, retainWeight: 1 },
    })
    const ports = recordingPorts(files)
    const inputs = inputsFor(plan, cases.slice(1), { corrected: [cases[0]], initialWeights })
    const before = tf.memory().numTensors
    await runTraining(inputs, ports)
    expect(tf.memory().numTensors).toBe(before)
    const steps = ports.events.filter((event) => event.type === 'step')
    expect(steps[0].terms.retention).toBeCloseTo(0, 5)
    expect(steps[1].terms.retention).toBeGreaterThan(0)
  })
})
