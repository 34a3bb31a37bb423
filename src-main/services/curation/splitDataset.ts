import { GliadeskError, type SplitStatus } from '../../contract/index.ts'
import type { Database } from '../../storage/index.ts'
import { drawSplit } from '../datasets/index.ts'
import { notFound } from '../notFound.ts'

/**
 * The state of a data set's split.
 *
 * @throws GliadeskError NOT_FOUND
 */
export function splitStatus(database: Database, datasetId: string): SplitStatus {
  const row = database.get<{ split_seed: number; split_locked_at: string | null }>(
    'SELECT split_seed, split_locked_at FROM datasets WHERE id = :datasetId',
    { datasetId },
  )
  if (!row) throw notFound('data set', datasetId)
  const trained = database.get<{ count: number }>(
    `SELECT count(*) AS count FROM jobs WHERE kind IN ('train', 'distil', 'finetune') AND instr(plan_json, :datasetId) > 0`,
    { datasetId },
  )
  return {
    datasetId,
    seed: row.split_seed,
    lockedAt: row.split_locked_at,
    trainings: trained?.count ?? 0,
  }
}

/** Locks the split against any redraw, or opens it again. @throws GliadeskError NOT_FOUND */
export function lockSplit(database: Database, datasetId: string, locked: boolean): SplitStatus {
  const { lockedAt } = splitStatus(database, datasetId)
  database.run('UPDATE datasets SET split_locked_at = :at WHERE id = :datasetId', {
    at: locked ? (lockedAt ?? new Date().toISOString()) : null,
    datasetId,
  })
  return splitStatus(database, datasetId)
}

/**
 * Draws the split of every patient anew, stratified by grade and site where known and by the size of the tumour (the
 * largest of the patient's cases).
 *
 * @param evenIfTrained must be said where a training has used the old split: its held-out cases may then be ones
 *   that a model has seen
 * @throws GliadeskError NOT_FOUND; WRONG_STATE where the split is locked, or was trained on and nobody said so
 */
export function redrawSplit(
  database: Database,
  request: { readonly datasetId: string; readonly seed: number; readonly evenIfTrained: boolean },
): SplitStatus {
  const { datasetId, seed, evenIfTrained } = request
  const { lockedAt, trainings } = splitStatus(database, datasetId)
  if (lockedAt !== null) {
    throw new GliadeskError(
      'WRONG_STATE',
      `The split of this data set was locked on ${lockedAt.slice(0, 10)}, so it is not drawn anew.`,
      'Unlock it first, if the figures measured on it are no longer needed.',
    )
  }
  if (trainings > 0 && !evenIfTrained) {
    throw new GliadeskError(
      'WRONG_STATE',
      `${trainings} ${trainings === 1 ? 'training has' : 'trainings have'} used this split: after a new draw, held-out cases may be ones that a model has seen.`,
      'Keep the split, or say explicitly that it is to be drawn anew (--even-if-trained).',
    )
  }
  database.transaction(() => drawSplit(database, datasetId, seed))
  return splitStatus(database, datasetId)
}
