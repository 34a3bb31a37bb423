import type { EstimateRequest, MemoryEstimate, Model, TrainingPlan } from '../../contract/index.ts'
import { planDistillation, planFinetuning, planTraining } from '../../engine/planning/index.ts'
import type { Workspace } from '../../storage/index.ts'
import { findModel, findRecipe, type ModelService } from '../models/index.ts'
import type { JobMachine } from './jobMachine.ts'
import { adviseMemory, type MemoryOffer } from './memoryAdvice.ts'

export interface MemoryAdvisor {
  /** What a planned training would hold against what its device has now. */
  advise(plan: TrainingPlan): Promise<MemoryEstimate>
  /** The same before anyone has decided. @throws GliadeskError NOT_FOUND, BAD_INPUT */
  estimate(request: EstimateRequest): Promise<MemoryEstimate>
}

export function createMemoryAdvisor(
  { database }: Workspace,
  models: Pick<ModelService, 'recipes'>,
  machine: JobMachine,
): MemoryAdvisor {
  const offerFor = async ({ backend, device = 'auto' }: TrainingPlan): Promise<MemoryOffer> => {
    const found = await machine.probe(backend)
    const onCard = found.gpu && device !== 'cpu'
    const cards = onCard ? await machine.cards() : []
    const card = cards.find(({ index }) => device === `cuda:${index}`) ?? cards[0]
    return {
      device: { backend: found.backend, gpu: onCard },
      availableBytes: machine.availableBytes(),
      card: card ? { name: card.name, freeBytes: card.freeBytes } : null,
    }
  }
  const advise: MemoryAdvisor['advise'] = async (plan) => {
    const teacher = plan.teacherModelId === null ? null : findModel(database, plan.teacherModelId)
    return adviseMemory(plan, teacher, await offerFor(plan))
  }
  return {
    advise,
    estimate: async (request) => advise(planOf(request, (id) => findModel(database, id), models)),
  }
}

/** A plan that differs from the later one in nothing that takes memory. */
function planOf(
  request: EstimateRequest,
  modelOf: (id: string) => Model,
  models: Pick<ModelService, 'recipes'>,
): TrainingPlan {
  const { subject, teacherModelId, distillation, sequences, backend, resources } = request
  const recipes = models.recipes()
  if (subject.kind === 'model') {
    const chosen = { name: null, modelId: subject.modelId, caseIds: ['case-any'], steps: null }
    const context = { datasetIds: ['dataset-any'], recipes }
    return planFinetuning({ ...chosen, backend, resources }, modelOf(subject.modelId), context)
  }
  const recipe = subject.recipe ?? findRecipe(recipes, subject.recipeId)
  const common = {
    name: 'Estimate',
    datasetId: 'dataset-any',
    recipeId: recipe.id,
    sequences,
    steps: null,
    seed: 0,
    backend,
    resources,
  }
  if (teacherModelId === null || distillation === null) {
    return planTraining({ ...common, role: 'teacher' }, recipe)
  }
  return planDistillation(
    { ...common, teacherModelId, distillation },
    recipe,
    modelOf(teacherModelId),
  )
}
