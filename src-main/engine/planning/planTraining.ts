import type { z } from 'zod'
import {
  trainingPlanSchema,
  type Recipe,
  type TrainingPlan,
  type trainRequestSchema,
} from '../../contract/index.ts'
import { commonPlan } from './planDefaults.ts'
import { planResources, recipeWithResources } from './planResources.ts'

export type TrainRequest = z.infer<typeof trainRequestSchema>

/** Turns what a person chose into a complete plan for training from scratch. */
export function planTraining(request: TrainRequest, recipe: Recipe): TrainingPlan {
  const common = commonPlan(
    recipeWithResources(recipe, request.resources),
    request.steps ?? recipe.steps,
    request.optimiser,
  )
  const acceptsMissing = (request.sequenceDropout ?? 0) > 0 && request.sequences.length > 1
  return trainingPlanSchema.parse({
    ...common,
    network: acceptsMissing ? { ...common.network, acceptsMissing } : common.network,
    ...planResources(request.resources),
    kind: 'train',
    name: request.name,
    role: request.role,
    seed: request.seed,
    datasetIds: [request.datasetId],
    fold: request.fold,
    averageDecay: request.averageDecay,
    patience: request.patience,
    sequences: request.sequences,
    sequenceDropout: request.sequenceDropout ?? 0,
    teacherModelId: null,
    initialModelId: null,
    distillation: { strategy: 'none' },
    finetune: null,
    backend: request.backend,
  })
}
