import { stratifySplits } from '../../imaging/sequences/index.ts'
import type { Database } from '../../storage/index.ts'
import { listCases } from '../cases/index.ts'

/**
 * Draws the parts of every patient of a data set, alike in grade and site where they are known and in the size of the
 * tumour (the largest of the patient's cases), and keeps the seed. Call it inside a transaction.
 */
export function drawSplit(database: Database, datasetId: string, seed: number): void {
  const patientOfCase = new Map(
    database
      .all<{ id: string; patient: string }>(
        'SELECT id, patient FROM cases WHERE dataset_id = :datasetId',
        { datasetId },
      )
      .map(({ id, patient }) => [id, patient]),
  )
  const strata = new Map(
    database
      .all<{ patient: string; stratum: string | null }>(
        'SELECT patient, stratum FROM patients WHERE dataset_id = :datasetId',
        { datasetId },
      )
      .map(({ patient, stratum }) => [patient, stratum]),
  )
  const sizes = new Map<string, number | null>()
  for (const { id, wholeTumourMl, versionCount } of listCases(database, datasetId)) {
    const patient = patientOfCase.get(id) ?? id
    const size = versionCount > 0 ? wholeTumourMl : null
    const known = sizes.get(patient) ?? null
    sizes.set(patient, known === null ? size : Math.max(known, size ?? 0))
  }
  const patients = [...sizes].map(([patient, tumourMl]) => ({
    patient,
    tumourMl,
    stratum: strata.get(patient) ?? null,
  }))
  for (const [patient, split] of stratifySplits(patients, seed)) {
    database.run(
      'UPDATE patients SET split = :split WHERE dataset_id = :datasetId AND patient = :patient',
      { split, datasetId, patient },
    )
  }
  database.run('UPDATE datasets SET split_seed = :seed WHERE id = :datasetId', { seed, datasetId })
}

/** Fewer patients are drawn by count alone: with few, parts that are alike would leave one of them empty. */
const LEAST_PATIENTS = 10

/**
 * Draws a new data set's parts again once its labels are known, so that they are alike from the first training on. Only
 * for a data set that this import made and that brings no split along: a draw that was there before is never changed.
 */
export function stratifyFirstDraw(database: Database, datasetId: string): void {
  const { patients = 0, seed = 0 } =
    database.get<{ patients: number; seed: number }>(
      `SELECT count(*) AS patients, max(split_seed) AS seed FROM patients
       JOIN datasets ON datasets.id = patients.dataset_id WHERE dataset_id = :datasetId`,
      { datasetId },
    ) ?? {}
  if (patients >= LEAST_PATIENTS) {
    database.transaction(() => drawSplit(database, datasetId, seed))
  }
}
