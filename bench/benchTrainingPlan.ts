import { trainingPlanSchema, type TrainingPlan } from '../src-main/contract/index.ts'

type Chosen = Pick<TrainingPlan, 'name' | 'network' | 'sequences' | 'patchSize' | 'steps'>

/**
 * A plan for a network that a bench trains by itself: Adam with a rate that falls to nothing, nothing validated, nothing kept
 * on the way. What a bench is about it says itself.
 *
 * @throws ZodError where the parts make no plan
 */
export function benchTrainingPlan({
  learningRate,
  weightDecay = 0.01,
  warmupSteps = 10,
  ...chosen
}: Chosen &
  Partial<TrainingPlan> & {
    readonly learningRate: number
    readonly weightDecay?: number
    readonly warmupSteps?: number
  }): TrainingPlan {
  return trainingPlanSchema.parse({
    schema: 1,
    kind: 'train',
    role: 'teacher',
    seed: 1,
    datasetIds: ['bench'],
    recipeId: 'bench',
    batchSize: 1,
    validateEverySteps: chosen.steps,
    checkpointEverySteps: chosen.steps,
    optimiser: {
      kind: 'adam',
      learningRate,
      weightDecay,
      schedule: 'poly',
      warmupSteps,
      clipNorm: 12,
    },
    sampling: { foregroundFraction: 1 / 3 },
    augmentation: { mirror: false, intensity: false, spatial: false },
    loss: { dice: 1, crossEntropy: 1 },
    teacherModelId: null,
    initialModelId: null,
    distillation: { strategy: 'none' },
    finetune: null,
    backend: 'auto',
    ...chosen,
  })
}
