import { type LabelVersion, labelVersionSchema } from '../../contract/index.ts'
import type { Database, Workspace } from '../../storage/index.ts'
import { newId } from '../identifiers/index.ts'
import { notFound } from '../notFound.ts'

interface VersionRow {
  id: string
  case_id: string
  number: number
  parent_id: string | null
  object_sha256: string
  origin: string
  author: string
  note: string
  created_at: string
  volumes_json: string
}

const versionOf = (row: VersionRow): LabelVersion =>
  labelVersionSchema.parse({
    id: row.id,
    caseId: row.case_id,
    number: row.number,
    parentId: row.parent_id,
    objectSha256: row.object_sha256,
    origin: row.origin,
    author: row.author,
    note: row.note,
    createdAt: row.created_at,
    volumesMl: JSON.parse(row.volumes_json),
  })

/** Versions of a case, oldest first. */
export function listVersions(database: Database, caseId: string): LabelVersion[] {
  return database
    .all<VersionRow>('SELECT * FROM label_versions WHERE case_id = :caseId ORDER BY number', {
      caseId,
    })
    .map(versionOf)
}

/** @throws GliadeskError NOT_FOUND */
export function findVersion(database: Database, caseId: string, versionId: string): LabelVersion {
  const row = database.get<VersionRow>(
    'SELECT * FROM label_versions WHERE id = :versionId AND case_id = :caseId',
    { caseId, versionId },
  )
  if (!row) throw notFound('label version', versionId)
  return versionOf(row)
}

/**
 * Adds the row of a version whose object is already stored. A reader's version makes the case "corrected":
 * an approval binds one version, so it does not carry over to a newer one.
 */
export function addVersion(
  workspace: Workspace,
  version: Omit<LabelVersion, 'id' | 'number' | 'createdAt'>,
): LabelVersion {
  const { database, audit } = workspace
  return database.transaction(() => {
    const { caseId } = version
    const last = database.get<{ number: number | null }>(
      'SELECT max(number) AS number FROM label_versions WHERE case_id = :caseId',
      { caseId },
    )
    const added: LabelVersion = {
      ...version,
      id: newId('version'),
      number: (last?.number ?? 0) + 1,
      createdAt: new Date().toISOString(),
    }
    database.run(
      `INSERT INTO label_versions
         (id, case_id, number, parent_id, object_sha256, origin, author, note, created_at, volumes_json)
       VALUES (:id, :caseId, :number, :parentId, :objectSha256, :origin, :author, :note, :createdAt, :volumes)`,
      {
        id: added.id,
        caseId,
        number: added.number,
        parentId: added.parentId,
        objectSha256: added.objectSha256,
        origin: added.origin,
        author: added.author,
        note: added.note,
        createdAt: added.createdAt,
        volumes: JSON.stringify(added.volumesMl),
      },
    )
    if (added.origin === 'reader') {
      database.run(
        `UPDATE cases SET review_state = CASE review_state WHEN 'flagged' THEN 'flagged' ELSE 'corrected' END,
           updated_at = :at WHERE id = :caseId`,
        { caseId, at: added.createdAt },
      )
    }
    audit.append({
      actor: added.author,
      action: `label.version.${added.origin === 'reader' ? 'save' : 'import'}`,
      subject: added.id,
      detail: { caseId, number: added.number, objectSha256: added.objectSha256 },
    })
    return added
  })
}
