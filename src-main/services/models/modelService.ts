import { readFile } from 'node:fs/promises'
import {
  GliadeskError,
  canRead,
  slotOf,
  type Comparison,
  type EngineResult,
  type Evaluation,
  type Model,
  type Recipe,
  type Sequence,
  type TrainingPlan,
} from '../../contract/index.ts'
import type { Workspace } from '../../storage/index.ts'
import type { ChangeFeed } from '../changes/index.ts'
import { compareScores, heldOutScores, listEvaluations } from '../evaluation/index.ts'
import { newId } from '../identifiers/index.ts'
import type { SettingsService } from '../settings/index.ts'
import { addModel, addPromotion, findModel, listModels, undoPromotion } from './modelRecords.ts'
import { ensembleOf } from './ensembleOf.ts'
import type { ShippedModel } from './shippedModels.ts'

export interface ModelService {
  list(): Model[]
  get(modelId: string): Model & { evaluations: Evaluation[] }
  recipes(): readonly Recipe[]
  /** @throws GliadeskError NOT_FOUND; BAD_INPUT where the models do not read alike */
  ensemble(request: { readonly name: string; readonly modelIds: readonly string[] }): Model
  promote(modelId: string): Model
  rollBack(modelId: string): Model
  compare(championId: string, challengerId: string): Comparison
  /**
   * The champion to predict with where nobody chose: one that needs only the given sequences and uses most of
   * them, since every sequence more tells it more. Null where none fits.
   */
  defaultFor(available: readonly Sequence[]): Model | null
  /** Registers models that come with the program; each new one becomes its slot's champion where there is none. */
  registerShipped(shipped: readonly ShippedModel[]): Promise<void>
  /** Keeps what a training job made, as a challenger. */
  addFromJob(
    jobId: string,
    plan: TrainingPlan,
    result: Extract<EngineResult, { kind: 'model' }>,
    trainedOnSynthetic: boolean,
  ): Promise<Model>
}

export function createModelService(services: {
  workspace: Workspace
  settings: SettingsService
  changes: ChangeFeed
  recipes: readonly Recipe[]
}): ModelService {
  const { workspace, settings, changes, recipes } = services
  const { database, objects, audit } = workspace

  const record = (action: string, model: Model): void =>
    audit.append({
      actor: settings.get().readerName,
      action,
      subject: model.id,
      detail: { slot: slotOf(model), weightsSha256: model.weightsSha256 },
    })
  return {
    list: () => listModels(database),
    get: (modelId) => ({
      ...findModel(database, modelId),
      evaluations: listEvaluations(database, modelId),
    }),
    recipes: () => recipes,
    ensemble: ({ name, modelIds }) => {
      const members = [...new Set(modelIds)].map((id) => findModel(database, id))
      const model = ensembleOf(name, members)
      database.transaction(() => {
        addModel(database, model)
        record('model.add', { ...model, status: 'challenger' })
      })
      changes.publish('models', model.id)
      return findModel(database, model.id)
    },
    promote: (modelId) => {
      const model = findModel(database, modelId)
      if (model.status === 'champion') return model
      database.transaction(() => {
        addPromotion(database, model, settings.get().readerName)
        record('model.promote', model)
      })
      changes.publish('models', modelId)
      return findModel(database, modelId)
    },
    rollBack: (modelId) => {
      const model = findModel(database, modelId)
      const previous = database.transaction(() => {
        const id = undoPromotion(database, slotOf(model))
        if (id) record('model.roll-back', findModel(database, id))
        return id
      })
      if (!previous) {
        throw new GliadeskError(
          'WRONG_STATE',
          `There is no earlier champion to go back to for models like ${model.name}.`,
          'Promote another model instead.',
        )
      }
      changes.publish('models', previous)
      return findModel(database, previous)
    },
    compare: (championId, challengerId) => {
      const contender = (id: string) => ({
        id,
        name: findModel(database, id).name,
        scores: heldOutScores(listEvaluations(database, id)),
      })
      return compareScores(contender(championId), contender(challengerId))
    },
    defaultFor: (available) => {
      const fitting = listModels(database).filter(
        (model) => model.status === 'champion' && canRead(model, available),
      )
      const used = (model: Model): number =>
        model.sequences.filter((sequence) => available.includes(sequence)).length
      const lacked = (model: Model): number => model.sequences.length - used(model)
      // As much as possible of what is there; of equals the one that was trained for exactly that.
      return fitting.sort((a, b) => used(b) - used(a) || lacked(a) - lacked(b))[0] ?? null
    },
    registerShipped: async (shipped) => {
      for (const { description, weights } of shipped) {
        const known = { ...description, weights: undefined }
        if (listModels(database).some(({ id }) => id === known.id)) continue
        await objects.put(weights)
        database.transaction(() => {
          addModel(database, { ...known, origin: 'shipped', parentId: null, jobId: null })
          const model = findModel(database, known.id)
          const rivals = listModels(database).some(
            (other) => other.status === 'champion' && slotOf(other) === slotOf(model),
          )
          if (!rivals) addPromotion(database, model, 'Gliadesk')
        })
        changes.publish('models', known.id)
      }
    },
    addFromJob: async (jobId, plan, result, trainedOnSynthetic) => {
      const weightsSha256 = await objects.put(await readFile(result.weightsPath))
      const model: Omit<Model, 'status'> = {
        id: newId('model'),
        name: plan.name,
        role: plan.role,
        sequences: plan.sequences,
        network: plan.network,
        parameterCount: result.parameterCount,
        origin: plan.kind,
        strategy: plan.distillation.strategy,
        parentId: plan.initialModelId,
        teacherId: plan.teacherModelId,
        jobId,
        weightsSha256,
        trainedOnSynthetic,
        validationDice: result.validationDice,
        createdAt: new Date().toISOString(),
      }
      database.transaction(() => {
        addModel(database, model)
        record('model.add', { ...model, status: 'challenger' })
      })
      changes.publish('models', model.id)
      return findModel(database, model.id)
    },
  }
}
