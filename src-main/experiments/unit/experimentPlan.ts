import {
  trainingPlanSchema,
  type DistillationConfig,
  type DistillationPool,
  type NetworkConfig,
  type Sequence,
  type TrainingPlan,
} from '../../contract/index.ts'
import type { ExperimentProtocol } from '../protocol/index.ts'

/** What differs between the runs of one seed. */
export interface ExperimentRun {
  readonly name: string
  readonly seed: number
  readonly network: NetworkConfig
  readonly sequences: readonly Sequence[]
  readonly steps: number
  readonly distillation: DistillationConfig
  /** How much the teacher's word on the pool weighs; null: no pool. */
  readonly poolConfidence: DistillationPool['confidence'] | null
}

/** The product's training plan for one run of an experiment; fixed steps, last weights, no validation. */
export function experimentPlan(protocol: ExperimentProtocol, run: ExperimentRun): TrainingPlan {
  const { training, cohort } = protocol
  const { labelledPerBatch, unlabelledPerBatch } = training
  // Through the schema, so that options of a plan which an experiment does not vary take the product's defaults.
  return trainingPlanSchema.parse({
    schema: 1,
    kind: run.distillation.strategy === 'none' ? 'train' : 'distil',
    name: run.name,
    role: run.sequences.length > 1 ? 'teacher' : 'student',
    seed: run.seed,
    datasetIds: ['synthetic'],
    recipeId: 'experiment',
    network: run.network,
    sequences: [...run.sequences],
    patchSize: cohort.dims,
    batchSize: training.labelledPerBatch,
    steps: run.steps,
    validateEverySteps: run.steps,
    checkpointEverySteps: run.steps,
    optimiser: {
      kind: 'adam',
      learningRate: training.learningRate,
      weightDecay: training.weightDecay,
      schedule: 'poly',
      warmupSteps: training.warmupSteps,
      clipNorm: training.clipNorm,
    },
    sampling: { foregroundFraction: 0 },
    augmentation: training.augmentation,
    loss: training.loss,
    teacherModelId: null,
    initialModelId: null,
    distillation: run.distillation,
    finetune: null,
    pool:
      run.poolConfidence === null
        ? null
        : {
            datasetIds: ['synthetic'],
            fraction: unlabelledPerBatch / (labelledPerBatch + unlabelledPerBatch),
            confidence: run.poolConfidence,
          },
    backend: 'wasm',
  })
}
