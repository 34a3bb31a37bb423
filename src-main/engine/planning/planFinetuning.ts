import type { z } from 'zod'
import {
  trainingPlanSchema,
  type finetuneRequestSchema,
  type Model,
  type Recipe,
  type TrainingPlan,
} from '../../contract/index.ts'
import { divisorOf } from '../networks/patchDivisor.ts'
import { commonPlan } from './planDefaults.ts'
import { planResources, recipeWithResources } from './planResources.ts'

export type FinetuneRequest = z.infer<typeof finetuneRequestSchema>

export interface FinetuneContext {
  /** The data sets that the corrected cases belong to; their training cases are replayed. */
  readonly datasetIds: readonly string[]
  /** Known recipes: the one the model was built from gives patch and batch size. */
  readonly recipes: readonly Recipe[]
}

/** A minute and a half of processor time for the compact recipe; 80 steps moved too little (docs/training.md). */
const DEFAULT_STEPS = 240

/** A third of a recipe's rate: the model is to move, not to start over. */
const LEARNING_RATE = 1e-3

/** Half of the patches come from the original cases, so that one correction does not become all it knows. */
const REPLAY_FRACTION = 0.5

/** Chance to blank a sequence, for models that read any subset of theirs. */
const SEQUENCE_DROPOUT = 0.25

/** Weight of the pull towards the current model where reader and model agree. */
const RETAIN_WEIGHT = 1

/** Edge of a patch for a network that no recipe describes. */
const FALLBACK_PATCH = 48

/**
 * Turns corrected cases into a complete plan for improving a model. The seed is fixed: the same corrections give the
 * same model.
 */
export function planFinetuning(
  request: FinetuneRequest,
  model: Pick<Model, 'id' | 'name' | 'role' | 'sequences' | 'network'>,
  context: FinetuneContext,
): TrainingPlan {
  const recipe = recipeWithResources(recipeOf(model, context.recipes), request.resources)
  const steps = request.steps ?? DEFAULT_STEPS
  const common = commonPlan(recipe, steps)
  return trainingPlanSchema.parse({
    ...common,
    ...planResources(request.resources),
    kind: 'finetune',
    name: request.name ?? `${model.name}, improved`.slice(0, 80),
    role: model.role,
    seed: 0,
    datasetIds: context.datasetIds,
    sequences: model.sequences,
    // Or it would forget how to do without some.
    sequenceDropout: model.network.acceptsMissing ? SEQUENCE_DROPOUT : 0,
    // Twice: half-way and at the end; the run is short.
    validateEverySteps: Math.max(1, Math.ceil(steps / 2)),
    optimiser: { ...common.optimiser, learningRate: LEARNING_RATE },
    // Corrections are about tumour; two patches in three show it.
    sampling: { foregroundFraction: 2 / 3 },
    teacherModelId: null,
    initialModelId: model.id,
    distillation: { strategy: 'none' },
    finetune: {
      correctedCaseIds: request.caseIds,
      replayFraction: REPLAY_FRACTION,
      retainWeight: RETAIN_WEIGHT,
    },
    backend: request.backend,
  })
}

function recipeOf(model: Pick<Model, 'network'>, recipes: readonly Recipe[]): Recipe {
  const { network } = model
  const known = recipes.find(
    (recipe) =>
      recipe.network.kind === network.kind &&
      recipe.network.channels.join() === network.channels.join() &&
      recipe.network.convolutionsPerLevel === network.convolutionsPerLevel &&
      recipe.network.spacingMm === network.spacingMm,
  )
  if (known) return { ...known, network }
  const divisor = divisorOf(network)
  const edge = Math.ceil(FALLBACK_PATCH / divisor) * divisor
  return {
    id: 'custom-network',
    title: 'Custom network',
    description: '',
    network,
    patchSize: [edge, edge, edge],
    batchSize: 1,
    learningRate: LEARNING_RATE,
    steps: DEFAULT_STEPS,
  }
}
