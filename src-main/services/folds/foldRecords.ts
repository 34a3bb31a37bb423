import type { Database } from '../../storage/index.ts'
import { dealFolds } from './dealFolds.ts'

interface PatientRow {
  patient: string
  tumourMl: number | null
}

/**
 * The fold of every patient of a data set outside of its test split. Folds are dealt once and stored: patients who come
 * later are added to them, and nobody changes place, so that a cross-validation can be continued or repeated.
 *
 * @param folds how many there are
 */
export function patientFolds(
  database: Database,
  datasetId: string,
  folds: number,
  tumourMl: (caseId: string) => number | null,
): Map<string, number> {
  return database.transaction(() => {
    const stored = database.all<{ patient: string; fold: number }>(
      'SELECT patient, fold FROM folds WHERE dataset_id = :datasetId AND folds = :folds',
      { datasetId, folds },
    )
    const known = new Map(stored.map(({ patient, fold }) => [patient, fold]))
    const seed = database.get<{ split_seed: number }>(
      'SELECT split_seed FROM datasets WHERE id = :datasetId',
      { datasetId },
    )
    const patients = new Map<string, PatientRow>()
    for (const { id, patient } of database.all<{ id: string; patient: string }>(
      `SELECT cases.id, cases.patient FROM cases
       JOIN patients ON patients.dataset_id = cases.dataset_id AND patients.patient = cases.patient
       WHERE cases.dataset_id = :datasetId AND patients.split IN ('train', 'validation')`,
      { datasetId },
    )) {
      const size = tumourMl(id)
      const before = patients.get(patient)?.tumourMl ?? null
      const largest = before === null || size === null ? (before ?? size) : Math.max(before, size)
      patients.set(patient, { patient, tumourMl: largest })
    }
    const dealt = dealFolds([...patients.values()], folds, seed?.split_seed ?? 0, known)
    for (const [patient, fold] of dealt) {
      database.run(
        'INSERT INTO folds (dataset_id, folds, patient, fold) VALUES (:datasetId, :folds, :patient, :fold)',
        { datasetId, folds, patient, fold },
      )
    }
    return new Map([...known, ...dealt].filter(([patient]) => patients.has(patient)))
  })
}
