import {
  trainingPlanSchema,
  type JobEvent,
  type ManifestCase,
  type TrainingPlan,
} from '../../contract/index.ts'
import { createAxisAlignedGrid } from '../../imaging/geometry/index.ts'
import { writeLabelmap } from '../../imaging/labelmap/index.ts'
import { writeNifti } from '../../imaging/nifti/index.ts'
import type { FileSystemPort } from '../checkpoint/index.ts'
import { preparedCase } from '../data/preparedCase.fixture.ts'
import type { RunRequest, TrainingInputs, TrainingPorts } from './trainingRun.ts'

/** Files that live in memory. */
export function memoryFiles(): FileSystemPort & { readonly contents: Map<string, Uint8Array> } {
  const contents = new Map<string, Uint8Array>()
  return {
    contents,
    readFile: async (path) => {
      const bytes = contents.get(path)
      if (!bytes) throw new Error(`no file ${path}`)
      return bytes
    },
    writeAndSync: async (path, bytes) => void contents.set(path, bytes.slice()),
    rename: async (from, to) => {
      contents.set(to, contents.get(from)!)
      contents.delete(from)
    },
    syncFolder: async () => undefined,
    remove: async (path) => void contents.delete(path),
    makeFolder: async () => undefined,
  }
}

/** Writes the fixture case of a seed, all four sequences alike in shape, as NIfTI. */
export async function writeCase(
  files: FileSystemPort,
  seed: number,
  folder = '/cases',
): Promise<ManifestCase> {
  const edge = 16
  const sequences = ['flair', 't1', 't1ce', 't2'] as const
  const subject = preparedCase([edge, edge, edge], sequences, { seed })
  const grid = createAxisAlignedGrid([edge, edge, edge], [1, 1, 1])
  const images: ManifestCase['images'] = {}
  for (const [c, sequence] of sequences.entries()) {
    const path = `${folder}/${seed}-${sequence}.nii`
    // Shifted away from zero, which means outside of the head.
    const voxels = subject.channels[c].map((x) => x + 10)
    await files.writeAndSync(
      path,
      await writeNifti({ grid, voxels, voxelType: 'float32', gzip: false }),
    )
    images[sequence] = path
  }
  const path = `${folder}/${seed}-seg.nii.gz`
  const labels = subject.labels!
  await files.writeAndSync(path, await writeLabelmap({ labels, grid, convention: 'et4' }))
  return {
    caseId: `case-${seed}`,
    name: `Case ${seed}`,
    images,
    label: { path, convention: 'et4' },
  }
}

/** A plan small enough to run in a test. */
export function smallPlan(changes: Partial<TrainingPlan> = {}): TrainingPlan {
  return trainingPlanSchema.parse({
    schema: 1,
    kind: 'train',
    name: 'Small',
    role: 'teacher',
    seed: 3,
    datasetIds: ['cohort'],
    recipeId: 'small',
    network: {
      kind: 'unet',
      channels: [6, 10, 12],
      convolutionsPerLevel: 1,
      residual: false,
      deepSupervision: true,
    },
    sequences: ['flair', 't1ce'],
    patchSize: [16, 16, 16],
    batchSize: 1,
    steps: 8,
    validateEverySteps: 4,
    checkpointEverySteps: 100,
    optimiser: {
      kind: 'adam',
      learningRate: 0.01,
      weightDecay: 0.01,
      schedule: 'poly',
      warmupSteps: 2,
      clipNorm: 12,
    },
    sampling: { foregroundFraction: 1 / 3 },
    augmentation: { mirror: true, intensity: true, spatial: true },
    loss: { dice: 1, crossEntropy: 1 },
    teacherModelId: null,
    initialModelId: null,
    distillation: { strategy: 'none' },
    finetune: null,
    backend: 'wasm',
    ...changes,
  })
}

/** Inputs of a run with nothing but a plan and cases. */
export function inputsFor(
  plan: TrainingPlan,
  training: readonly ManifestCase[],
  changes: Partial<TrainingInputs> = {},
): TrainingInputs {
  return {
    plan,
    training,
    validation: [],
    corrected: [],
    teacher: null,
    initialWeights: null,
    resumeFrom: null,
    folder: '/job',
    cacheBytes: 2 ** 28,
    ...changes,
  }
}

/** Ports that keep every event and ask for something once a number of steps is done. */
export function recordingPorts(
  files: FileSystemPort,
  ask: { afterStep: number; request: RunRequest } | null = null,
): TrainingPorts & { readonly events: JobEvent[]; readonly losses: number[] } {
  const events: JobEvent[] = []
  const losses: number[] = []
  let clock = 0
  return {
    events,
    losses,
    files,
    secondsNow: () => clock++,
    yieldToEvents: async () => undefined,
    requested: () => (ask && losses.length >= ask.afterStep ? ask.request : 'none'),
    emit: (event) => {
      events.push(event)
      if (event.type === 'step') losses.push(event.loss)
    },
    report: () => undefined,
  }
}
