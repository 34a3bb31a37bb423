import {
  datasetSchema,
  type Dataset,
  type DatasetLayout,
  type Split,
} from '../../contract/index.ts'
import { assignSplits, patientOf } from '../../imaging/sequences/index.ts'
import type { Database } from '../../storage/index.ts'
import { newId } from '../identifiers/index.ts'
import type { DatasetDescription } from './readDatasetDescription.ts'

interface DatasetRow {
  id: string
  name: string
  root_path: string
  layout: string
  synthetic: number
  split_seed: number
  created_at: string
}

/** Data sets in the order in which they were imported. */
export function listDatasets(database: Database): Dataset[] {
  return database.all<DatasetRow>('SELECT * FROM datasets ORDER BY created_at, id').map((row) => {
    const counts: Record<Split, number> = { train: 0, validation: 0, test: 0, none: 0 }
    const rows = database.all<{ split: Split; count: number }>(
      `SELECT split, count(*) AS count FROM cases JOIN patients USING (dataset_id, patient)
       WHERE dataset_id = :id GROUP BY split`,
      { id: row.id },
    )
    for (const { split, count } of rows) counts[split] = count
    return datasetSchema.parse({
      id: row.id,
      name: row.name,
      rootPath: row.root_path,
      layout: row.layout,
      synthetic: row.synthetic === 1,
      caseCount: rows.reduce((sum, { count }) => sum + count, 0),
      splitCounts: counts,
      splitSeed: row.split_seed,
      createdAt: row.created_at,
    })
  })
}

/** The seed of every new data set's split; stored with the data set, so that a later change keeps old splits. */
const SPLIT_SEED = 20_260_101

/**
 * The data set of a folder, made where it is new, and the split of its patients. A patient that has a place keeps it
 * for good: a score measured on held-out cases stays comparable.
 */
export function ensureDataset(
  database: Database,
  request: {
    rootPath: string
    name: string | null
    description: DatasetDescription
    layout: DatasetLayout
    caseNames: readonly string[]
    /** Grade and site by patient, where known. */
    strata?: ReadonlyMap<string, string>
  },
): string {
  return database.transaction(() => {
    const { rootPath, description, caseNames } = request
    const known = database.get<{ id: string; split_seed: number }>(
      'SELECT id, split_seed FROM datasets WHERE root_path = :rootPath',
      { rootPath },
    )
    const id = known?.id ?? newId('dataset')
    const seed = known?.split_seed ?? SPLIT_SEED
    if (!known) {
      database.run(
        `INSERT INTO datasets (id, name, root_path, layout, synthetic, split_seed, created_at)
         VALUES (:id, :name, :rootPath, :layout, :synthetic, :seed, :at)`,
        {
          id,
          name: request.name ?? description.name,
          rootPath,
          layout: description.synthetic ? 'synthetic' : request.layout,
          synthetic: description.synthetic ? 1 : 0,
          seed,
          at: new Date().toISOString(),
        },
      )
    }
    const placed = new Set(
      database
        .all<{ patient: string }>('SELECT patient FROM patients WHERE dataset_id = :id', { id })
        .map((row) => row.patient),
    )
    const fresh = caseNames.filter((name) => !placed.has(patientOf(name)))
    const drawn = assignSplits(fresh, seed)
    for (const name of fresh) {
      const patient = patientOf(name)
      database.run(
        `INSERT OR IGNORE INTO patients (dataset_id, patient, split, stratum)
         VALUES (:id, :patient, :split, :stratum)`,
        {
          id,
          patient,
          split: description.splits.get(patient) ?? drawn.get(name) ?? 'none',
          stratum: request.strata?.get(patient) ?? null,
        },
      )
    }
    // A split is never changed by an import; what is known of the patients may be.
    for (const [patient, stratum] of request.strata ?? []) {
      database.run(
        'UPDATE patients SET stratum = :stratum WHERE dataset_id = :id AND patient = :patient',
        { id, patient, stratum },
      )
    }
    return id
  })
}
