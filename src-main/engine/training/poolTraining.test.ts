import { beforeAll, describe, expect, it } from 'vitest'
import {
  DEFAULT_DISTILLATION,
  LABEL_COUNT,
  SEQUENCES,
  type DistillationPool,
  type ManifestCase,
  type TrainingPlan,
} from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { openBackend } from '../backends/index.ts'
import { preparedCase } from '../data/preparedCase.fixture.ts'
import { buildUNet } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import { createBatchSource, labelledPatches, type Batch } from './batchSource.ts'
import { runTraining } from './runTraining.ts'
import {
  inputsFor,
  memoryFiles,
  recordingPorts,
  smallPlan,
  writeCase,
} from './trainingRun.fixture.ts'
import { createTrainingState, disposeTrainingState } from './trainingState.ts'
import { trainStep } from './trainStep.ts'

beforeAll(async () => {
  await openBackend('wasm')
})

const EDGE = 8
const SIZE = [EDGE, EDGE, EDGE] as const
const POOL: DistillationPool = {
  datasetIds: ['pool'],
  caseIds: [],
  fraction: 0.5,
  mode: 'added',
  confidence: 'voxel',
}
const TAUGHT = Object.values(DEFAULT_DISTILLATION).filter(
  ({ strategy }) => strategy !== 'none' && strategy !== 'label-smoothing',
)
const network = { ...smallPlan().network, channels: [4, 8], deepSupervision: false }
const planWith = (changes: Partial<TrainingPlan> = {}): TrainingPlan =>
  smallPlan({
    kind: 'distil',
    network,
    sequences: ['flair'],
    patchSize: [EDGE, EDGE, EDGE],
    distillation: DEFAULT_DISTILLATION.logits,
    pool: POOL,
    ...changes,
  })

const manifestCase = (caseId: string, isLabelled = true): ManifestCase => ({
  caseId,
  name: caseId,
  images: {},
  label: isLabelled ? { path: `${caseId}.nii`, convention: 'et4' } : null,
})
/** Cases whose noise follows their name; those of the pool ("p…") have no label. */
const reader = {
  get: async (caseId: string) => {
    const seed = caseId.charCodeAt(caseId.length - 1)
    const subject = preparedCase([12, 12, 12], SEQUENCES, { caseId, seed })
    return caseId.startsWith('p') ? { ...subject, labels: null, foreground: [] } : subject
  },
  prefetch: () => undefined,
}
const pools = {
  training: ['a', 'b', 'c'].map((id) => manifestCase(id)),
  corrected: [],
  pool: ['p1', 'p2', 'p3', 'p4'].map((id) => manifestCase(id, false)),
}
const draw = (plan: TrainingPlan, step: number): Promise<Batch> =>
  createBatchSource(plan, pools, reader).draw(step)

const teacher = () => ({
  network: buildUNet(network, 4, LABEL_COUNT, randomStream(9, 'teacher')),
  sequences: SEQUENCES,
  window: SIZE,
})

/** One step from the same start; what it did and the weights after. */
async function oneStep(plan: TrainingPlan, batch: Batch) {
  const guide = teacher()
  const state = createTrainingState(inputsFor(plan, [], { teacher: guide }))
  const record = trainStep(state, batch)
  const weights = [...state.network.parameters.values()].map((v) => Array.from(v.dataSync()))
  disposeTrainingState(state)
  guide.network.dispose()
  return { record, weights }
}

describe('batches with a pool', () => {
  it('hold labelled patches first, then unlabelled ones of the pool, in the asked count', async () => {
    for (const step of [0, 1, 2, 3]) {
      const batch = await draw(planWith({ batchSize: 2 }), step)
      expect(batch.patches.map(({ labels }) => labels !== null)).toEqual([true, true, false, false])
      expect(batch.caseNames.map((name) => name.startsWith('p'))).toEqual([
        false,
        false,
        true,
        true,
      ])
      expect([labelledPatches(batch), batch.isLabelled]).toEqual([2, false])
    }
  })

  it('show the labelled patches of a run without a pool, to the last bit', async () => {
    for (const step of [0, 5]) {
      const alone = await draw(planWith({ batchSize: 2, pool: null }), step)
      const mixed = await draw(planWith({ batchSize: 2 }), step)
      expect(mixed.patches.slice(0, 2)).toEqual(alone.patches)
    }
  })

  it('are a pure function of plan and step', async () => {
    const source = createBatchSource(planWith(), pools, reader)
    const late = await source.draw(7)
    await source.draw(0)
    expect(await draw(planWith(), 7)).toEqual(late)
    expect(await source.draw(8)).not.toEqual(late)
  })

  it('visit every case of the pool', async () => {
    const seen = new Set<string>()
    const source = createBatchSource(planWith(), pools, reader)
    for (let step = 0; step < 30; step++) seen.add((await source.draw(step)).caseNames[1])
    expect([...seen].sort()).toEqual(['p1', 'p2', 'p3', 'p4'])
  })
})

describe('a step with a pool', () => {
  it('takes the segmentation loss from the labelled patches alone', async () => {
    const silent = { ...DEFAULT_DISTILLATION.logits, weight: 0 }
    const without = planWith({ distillation: silent, pool: null })
    const withPool = planWith({ distillation: silent })
    const alone = await oneStep(without, await draw(without, 3))
    const mixed = await oneStep(withPool, await draw(withPool, 3))
    expect(mixed.record.terms.dice).toBeCloseTo(alone.record.terms.dice, 5)
    expect(mixed.record.terms.crossEntropy).toBeCloseTo(alone.record.terms.crossEntropy, 5)
    expect(mixed.record.gradientNorm / alone.record.gradientNorm).toBeCloseTo(1, 3)
  })

  it('learns from the pool through the teacher', async () => {
    const plan = planWith()
    const batch = await draw(plan, 3)
    const other = await draw(plan, 4)
    const swapped = { ...batch, patches: [batch.patches[0], other.patches[1]] }
    const [first, second] = [await oneStep(plan, batch), await oneStep(plan, swapped)]
    expect(second.record.terms.dice).toBeCloseTo(first.record.terms.dice, 5)
    expect(second.record.terms.kd).not.toBeCloseTo(first.record.terms.kd, 5)
    expect(second.weights).not.toEqual(first.weights)
  })

  it('hears the teacher less where it is unsure', async () => {
    const kd = async (confidence: DistillationPool['confidence']): Promise<number> => {
      const plan = planWith({ pool: { ...POOL, confidence } })
      return (await oneStep(plan, await draw(plan, 3))).record.terms.kd
    }
    const [full, voxel, patch] = [await kd('none'), await kd('voxel'), await kd('patch')]
    // The random teacher is sure of nothing, so its word on the pool patch weighs less than in full.
    expect(voxel).toBeLessThan(0.98 * full)
    expect(patch).toBeLessThan(0.98 * full)
    expect(voxel).toBeGreaterThan(0.4 * full)
  })

  it.each(TAUGHT)('frees its tensors and stays finite under $strategy', async (distillation) => {
    const before = tf.memory().numTensors
    const guide = teacher()
    const plan = planWith({ distillation })
    const state = createTrainingState(inputsFor(plan, [], { teacher: guide }))
    const batch = await draw(plan, 1)
    if (state.guide.needsObservation) {
      tf.tidy(() => {
        const values = tf.zeros([2, ...SIZE, 4]) as tf.Tensor5D
        state.guide.observeTeacher(guide.network.forward(values), null)
      })
      state.guide.finishObservation()
    }
    const losses = [trainStep(state, batch).loss, trainStep(state, batch).loss]
    expect(losses.every(Number.isFinite)).toBe(true)
    disposeTrainingState(state)
    guide.network.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('a run with a pool', () => {
  const run = async (plan: TrainingPlan, pool: ManifestCase[] | undefined, isLabelled = true) => {
    const files = memoryFiles()
    const first = await writeCase(files, 1)
    const training = [isLabelled ? first : { ...first, label: null }]
    const guide = teacher()
    const ports = recordingPorts(files)
    const inputs = inputsFor(plan, training, { teacher: guide, pool })
    for (const item of pool ?? []) await writeCase(files, Number(item.caseId.slice(5)))
    try {
      await runTraining(inputs, ports)
    } finally {
      guide.network.dispose()
    }
    return ports
  }
  const poolCase = async (seed: number): Promise<ManifestCase> => writeCase(memoryFiles(), seed)
  const plan = planWith({ steps: 2, validateEverySteps: 2, patchSize: [16, 16, 16] })

  it('never reads the pool’s labels', async () => {
    const labelled = await poolCase(2)
    const hidden = { ...labelled, label: { path: '/nowhere.nii', convention: 'et4' as const } }
    expect((await run(plan, [hidden])).losses).toEqual((await run(plan, [labelled])).losses)
  })

  it('needs cases in it', async () => {
    await expect(run(plan, [])).rejects.toThrow('pool of unlabelled cases is empty')
    await expect(run(plan, undefined)).rejects.toThrow('pool of unlabelled cases is empty')
  })

  it('leaves a case out of the pool that is learned from with its label', async () => {
    await expect(run(plan, [await poolCase(1)])).rejects.toThrow('empty')
  })

  it('needs a strategy with a teacher', async () => {
    const silent = { ...plan, distillation: DEFAULT_DISTILLATION.none }
    await expect(run(silent, [await poolCase(2)])).rejects.toThrow('nobody speaks for them')
  })

  it('keeps the labelled budget: unlabelled training cases are left to the pool', async () => {
    await expect(run(plan, [await poolCase(2)], false)).rejects.toThrow('segmentation')
  })
})

describe('a student that starts from its teacher', () => {
  it('begins closer to it than one that starts afresh', async () => {
    const kd = async (startFromTeacher: boolean): Promise<number> => {
      const plan = planWith({ startFromTeacher, sequences: [...SEQUENCES] })
      return (await oneStep(plan, await draw(plan, 3))).record.terms.kd
    }
    expect(await kd(true)).toBeCloseTo(0, 5)
    expect(await kd(false)).toBeGreaterThan(0.01)
  })
})
