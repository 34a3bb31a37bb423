import { preparationRecordSchema, type PreparationRecord } from '../../contract/index.ts'
import type { Database } from '../../storage/index.ts'
import { notFound } from '../notFound.ts'

interface PreparationRow {
  record_json: string
}

const recordOf = (row: PreparationRow): PreparationRecord =>
  preparationRecordSchema.parse(JSON.parse(row.record_json))

function newest(
  database: Database,
  caseId: string,
  state: PreparationRecord['state'],
): PreparationRecord | null {
  const row = database.get<PreparationRow>(
    `SELECT record_json FROM preparations WHERE case_id = :caseId AND state = :state
     ORDER BY created_at DESC LIMIT 1`,
    { caseId, state },
  )
  return row ? recordOf(row) : null
}

/** What the images of a case were made by, or null where they are as they came. */
export const appliedPreparation = (database: Database, caseId: string): PreparationRecord | null =>
  newest(database, caseId, 'applied')

/** What was computed for a case and waits for a decision. */
export const previewOf = (database: Database, caseId: string): PreparationRecord | null =>
  newest(database, caseId, 'preview')

/** @throws GliadeskError NOT_FOUND */
export function findPreparation(database: Database, id: string): PreparationRecord {
  const row = database.get<PreparationRow>('SELECT record_json FROM preparations WHERE id = :id', {
    id,
  })
  if (!row) throw notFound('preparation', id)
  return recordOf(row)
}

export function addPreparation(database: Database, record: PreparationRecord): void {
  database.run(
    `INSERT INTO preparations (id, case_id, state, record_json, created_at)
     VALUES (:id, :caseId, :state, :record, :createdAt)`,
    {
      id: record.id,
      caseId: record.caseId,
      state: record.state,
      record: JSON.stringify(record),
      createdAt: record.createdAt,
    },
  )
}

export function removePreparation(database: Database, id: string): void {
  database.run('DELETE FROM preparations WHERE id = :id', { id })
}
