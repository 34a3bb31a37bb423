/**
 * What the weighting of voxels in the divergence of the class probabilities does on small phantoms: the gradient it
 * sends into the student against the segmentation loss's, and the Dice the student reaches. A few seeds of a minute
 * each, to choose a default by; no claim rests on it (docs/distillation.md, "How the weighting was chosen").
 *
 * With "pool" the arms also learn from unlabelled cases that only the teacher speaks for.
 *
 *     node bench/voxelWeighting.ts [seeds] [first seed] [pool]
 */
import {
  DEFAULT_DISTILLATION,
  REGIONS,
  SEQUENCES,
  VOXEL_WEIGHTINGS,
  type DistillationConfig,
  type Sequence,
  type TrainingPlan,
} from '../src-main/contract/index.ts'
import { openBackend } from '../src-main/engine/backends/index.ts'
import {
  drawPatch,
  interleave,
  normaliseIntensity,
  type PreparedCase,
} from '../src-main/engine/data/index.ts'
import { tf } from '../src-main/engine/tensor.ts'
import type { Batch } from '../src-main/engine/training/batchSource.ts'
import type { TrainedNetwork } from '../src-main/engine/training/trainedNetwork.ts'
import {
  createTrainingState,
  disposeTrainingState,
  type TrainingState,
} from '../src-main/engine/training/trainingState.ts'
import { batchGradient, observeTeacher, trainStep } from '../src-main/engine/training/trainStep.ts'
import { planCanonical } from '../src-main/imaging/geometry/index.ts'
import { countOverlap, dice, regionMask } from '../src-main/imaging/metrics/index.ts'
import { randomStream } from '../src-main/imaging/random/randomStream.ts'
import { generateSyntheticCase } from '../src-main/imaging/synthetic/index.ts'
import { benchTrainingPlan } from './benchTrainingPlan.ts'

const SEEDS = Number(process.argv[2] ?? 3)
const FIRST_SEED = Number(process.argv[3] ?? 101)
const WITH_POOL = process.argv[4] === 'pool'
const DIMS: [number, number, number] = [32, 32, 32]
const COUNTS = { test: 16, student: 8, teacher: 40, pool: WITH_POOL ? 40 : 0 }
const STEPS = { teacher: 400, student: 300 }
/** Steps of the student at which gradients are compared. */
const COMPARED_AT = [0, 30, 150, 290]

const ARMS: [string, DistillationConfig][] = [
  ['none', DEFAULT_DISTILLATION.none],
  ...[0.3, 1].flatMap((weight) =>
    VOXEL_WEIGHTINGS.map((voxelWeighting): [string, DistillationConfig] => [
      `logits × ${weight}, ${voxelWeighting}`,
      { ...DEFAULT_DISTILLATION.logits, weight, voxelWeighting },
    ]),
  ),
]

const draw = (seed: number, index: number, labelNoise: number): PreparedCase => {
  const made = generateSyntheticCase({ seed, index, dims: DIMS, kappa: 0.5, labelNoise })
  return {
    caseId: `case-${index}`,
    name: `case ${index}`,
    sequences: SEQUENCES,
    dims: DIMS,
    channels: SEQUENCES.map((sequence) => {
      const channel = Float32Array.from(made.images[sequence])
      normaliseIntensity(channel)
      return channel
    }),
    labels: made.labels,
    foreground: [],
    placement: { canonical: planCanonical(made.grid), crop: { origin: [0, 0, 0], size: DIMS } },
  }
}

const planOf = (
  seed: number,
  sequences: Sequence[],
  steps: number,
  distillation: DistillationConfig,
): TrainingPlan =>
  benchTrainingPlan({
    kind: distillation.strategy === 'none' ? 'train' : 'distil',
    name: 'voxel weighting',
    role: sequences.length > 1 ? 'teacher' : 'student',
    seed,
    network: {
      kind: 'unet',
      channels: [8, 16, 32],
      convolutionsPerLevel: 1,
      residual: false,
      deepSupervision: true,
    },
    sequences,
    patchSize: DIMS,
    steps,
    learningRate: 3e-3,
    sampling: { foregroundFraction: 0 },
    augmentation: { mirror: true, intensity: true, spatial: false },
    distillation,
    pool:
      WITH_POOL && distillation.strategy !== 'none'
        ? {
            datasetIds: ['phantoms'],
            caseIds: [],
            fraction: 0.5,
            mode: 'added',
            confidence: 'voxel',
          }
        : null,
    backend: 'wasm',
  })

const batchOf = (
  plan: TrainingPlan,
  cases: readonly PreparedCase[],
  step: number,
  pool: readonly PreparedCase[],
): Batch => {
  const patchOf = (purpose: string, from: readonly PreparedCase[]) => {
    const stream = randomStream(plan.seed, purpose).fork(String(step))
    const subject = from[stream.integer(from.length)]
    const patch = drawPatch(subject, plan, stream.fork('place'), stream.fork('augmentation'))
    return { subject, patch }
  }
  const drawn = [patchOf('batches', cases)]
  if (plan.pool) drawn.push(patchOf('pool', pool))
  return {
    patches: drawn.map(({ patch }) => patch),
    sequences: SEQUENCES,
    caseNames: drawn.map(({ subject }) => subject.name),
    isLabelled: drawn.length === 1,
  }
}

const gradientNorm = (state: TrainingState, plan: TrainingPlan, batch: Batch): number => {
  const { gradients } = batchGradient({ ...state, plan }, batch)
  const squares = [...gradients]
    .filter(([name]) => !name.startsWith('guide/'))
    .map(([, gradient]) => tf.tidy(() => gradient.square().sum().dataSync()[0]))
  for (const gradient of gradients.values()) gradient.dispose()
  return Math.sqrt(squares.reduce((a, b) => a + b, 0))
}

function learn(
  plan: TrainingPlan,
  cases: readonly PreparedCase[],
  teacher: TrainedNetwork | null,
  pool: readonly PreparedCase[] = [],
) {
  const state = createTrainingState({
    plan,
    training: [],
    validation: [],
    corrected: [],
    teacher,
    initialWeights: null,
    resumeFrom: null,
    folder: '',
    cacheBytes: 0,
  })
  for (let index = 0; state.guide.needsObservation && index < 24; index++) {
    tf.tidy(() =>
      state.guide.observeTeacher(observeTeacher(state, batchOf(plan, cases, index, pool))!, null),
    )
    if (index === 23) state.guide.finishObservation()
  }
  const ratios: number[] = []
  while (state.step < plan.steps) {
    const batch = batchOf(plan, cases, state.step, pool)
    if (teacher && COMPARED_AT.includes(state.step) && plan.distillation.strategy !== 'none') {
      const guidance = gradientNorm(state, { ...plan, loss: { dice: 0, crossEntropy: 0 } }, batch)
      const labels = gradientNorm(state, { ...plan, distillation: { strategy: 'none' } }, batch)
      ratios.push(guidance / labels)
    }
    trainStep(state, batch)
  }
  return { state, ratios }
}

const score = (state: TrainingState, cases: readonly PreparedCase[]): number => {
  const values = cases.flatMap((subject) => {
    const { sequences } = state.plan
    const predicted = tf.tidy(() => {
      const images = interleave([{ size: DIMS, channels: subject.channels }], SEQUENCES, sequences)
      const input = tf.tensor5d(images, [1, ...DIMS, sequences.length])
      return Uint8Array.from(state.network.forward(input).logits[0].argMax(4).dataSync())
    }) as unknown as Uint8Array
    return REGIONS.map((region) =>
      dice(countOverlap(regionMask(subject.labels!, region), regionMask(predicted, region)), 'nan'),
    ).filter((value): value is number => value !== null && Number.isFinite(value))
  })
  return values.reduce((a, b) => a + b, 0) / values.length
}

const { description } = await openBackend('wasm')
console.log(`${description}; ${SEEDS} seeds from ${FIRST_SEED}, ${COUNTS.student} labelled cases`)
for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
  const range = (first: number, count: number, noise: number): PreparedCase[] =>
    Array.from({ length: count }, (_, i) => draw(seed, first + i, noise))
  const test = range(0, COUNTS.test, 0)
  const own = range(COUNTS.test, COUNTS.student, 0.5)
  const more = range(COUNTS.test + COUNTS.student, COUNTS.teacher - COUNTS.student, 0.5)
  const pool = range(COUNTS.test + COUNTS.teacher, COUNTS.pool, 0).map((each) => ({
    ...each,
    labels: null,
  }))
  const none = DEFAULT_DISTILLATION.none
  const taught = learn(planOf(seed, [...SEQUENCES], STEPS.teacher, none), [...own, ...more], null)
  const teacher = { network: taught.state.network, sequences: SEQUENCES, window: DIMS }
  console.log(`seed ${seed} teacher: Dice ${score(taught.state, test).toFixed(4)}`)
  for (const [name, config] of ARMS) {
    const { state, ratios } = learn(
      planOf(seed, ['flair'], STEPS.student, config),
      own,
      teacher,
      pool,
    )
    const norms = ratios.map((ratio) => ratio.toFixed(2)).join(' ')
    console.log(
      `seed ${seed} ${name}: Dice ${score(state, test).toFixed(4)}; gradient ratio ${norms}`,
    )
    disposeTrainingState(state)
  }
  disposeTrainingState(taught.state)
}
