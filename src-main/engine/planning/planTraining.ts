import type { z } from 'zod'
import {
  trainingPlanSchema,
  type Recipe,
  type TrainingPlan,
  type trainRequestSchema,
} from '../../contract/index.ts'
import { commonPlan } from './planDefaults.ts'

export type TrainRequest = z.infer<typeof trainRequestSchema>

/** Turns what a person chose into a complete plan for training from scratch. */
export function planTraining(request: TrainRequest, recipe: Recipe): TrainingPlan {
  return trainingPlanSchema.parse({
    ...commonPlan(recipe, request.steps ?? recipe.steps),
    kind: 'train',
    name: request.name,
    role: request.role,
    seed: request.seed,
    datasetIds: [request.datasetId],
    sequences: request.sequences,
    teacherModelId: null,
    initialModelId: null,
    distillation: { strategy: 'none' },
    finetune: null,
    backend: request.backend,
  })
}
