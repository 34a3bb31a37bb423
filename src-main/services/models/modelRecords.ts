import {
  modelSchema,
  slotOf,
  type InferenceConfig,
  type Model,
  type ModelFitted,
  type ModelStatus,
} from '../../contract/index.ts'
import type { Database } from '../../storage/index.ts'
import { notFound } from '../notFound.ts'

interface ModelRow {
  id: string
  slot: string
  model_json: string
}

interface PromotionRow {
  id: number
  slot: string
  model_id: string
}

/** Promotions that stand, oldest first: the last of a slot is its champion, the earlier ones its way back. */
function standingPromotions(database: Database): PromotionRow[] {
  return database.all<PromotionRow>(
    'SELECT id, slot, model_id FROM promotions WHERE undone = 0 ORDER BY id',
  )
}

/** The champion of every slot, by slot. */
export function champions(database: Database): Map<string, string> {
  return new Map(standingPromotions(database).map(({ slot, model_id }) => [slot, model_id]))
}

/** Models in the order in which they were made, each with its status now. */
export function listModels(database: Database): Model[] {
  const promotions = standingPromotions(database)
  const champion = champions(database)
  const everChampion = new Set(promotions.map(({ model_id }) => model_id))
  const statusOf = (row: ModelRow): ModelStatus => {
    if (champion.get(row.slot) === row.id) return 'champion'
    return everChampion.has(row.id) ? 'retired' : 'challenger'
  }
  return database
    .all<ModelRow>('SELECT id, slot, model_json FROM models ORDER BY created_at, rowid')
    .map((row) => modelSchema.parse({ ...JSON.parse(row.model_json), status: statusOf(row) }))
}

/** @throws GliadeskError NOT_FOUND */
export function findModel(database: Database, modelId: string): Model {
  const model = listModels(database).find(({ id }) => id === modelId)
  if (!model) throw notFound('model', modelId)
  return model
}

/** Adds the row of a model whose weights are already stored; it starts as a challenger. */
export function addModel(database: Database, model: Omit<Model, 'status'>): void {
  database.run(
    `INSERT INTO models (id, name, role, slot, origin, weights_sha256, model_json, created_at)
     VALUES (:id, :name, :role, :slot, :origin, :weights, :json, :at)`,
    {
      id: model.id,
      name: model.name,
      role: model.role,
      slot: slotOf(model),
      origin: model.origin,
      weights: model.weightsSha256,
      json: JSON.stringify({ ...model, status: undefined }),
      at: model.createdAt,
    },
  )
}

/** Writes what was fitted for a model into its record, over what was fitted before. @throws GliadeskError NOT_FOUND */
export function keepFitted(database: Database, modelId: string, fitted: ModelFitted): void {
  const model = { ...findModel(database, modelId), fitted, status: undefined }
  database.run('UPDATE models SET model_json = :json WHERE id = :modelId', {
    json: JSON.stringify(model),
    modelId,
  })
}

/** How a model predicts because of what was fitted for it; undefined where nothing was. */
export function fittedInference({
  fitted,
}: Pick<Model, 'fitted'>): Partial<InferenceConfig> | undefined {
  if (!fitted) return undefined
  return { ...fitted.postprocessing, temperature: fitted.calibration.temperature }
}

export function addPromotion(database: Database, model: Model, reader: string): void {
  database.run(
    'INSERT INTO promotions (slot, model_id, reader, at) VALUES (:slot, :id, :reader, :at)',
    { slot: slotOf(model), id: model.id, reader, at: new Date().toISOString() },
  )
}

/**
 * Takes back the newest standing promotion of a slot.
 *
 * @returns the id of the champion before it, or null where there was none (nothing is changed then)
 */
export function undoPromotion(database: Database, slot: string): string | null {
  const standing = standingPromotions(database).filter((row) => row.slot === slot)
  const previous = standing.at(-2)
  const last = standing.at(-1)
  if (!previous || !last) return null
  database.run('UPDATE promotions SET undone = 1 WHERE id = :id', { id: last.id })
  return previous.model_id
}
