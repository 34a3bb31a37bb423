import { provenanceSchema, type Provenance } from '../../contract/index.ts'
import type { Database } from '../../storage/index.ts'
import { programVersion } from '../system/index.ts'

interface ProvenanceRow {
  object_sha256: string
  operation: string
  version: string
  sources_json: string
  parameters_json: string
  created_at: string
}

const provenanceOf = (row: ProvenanceRow): Provenance =>
  provenanceSchema.parse({
    objectSha256: row.object_sha256,
    operation: row.operation,
    version: row.version,
    sources: JSON.parse(row.sources_json),
    parameters: JSON.parse(row.parameters_json),
    createdAt: row.created_at,
  })

/**
 * Records how a stored object was made. The same object may be made again (its name is its content's hash): the
 * first record stays.
 */
export function recordProvenance(
  database: Database,
  made: Omit<Provenance, 'version' | 'createdAt'>,
): void {
  database.run(
    `INSERT OR IGNORE INTO provenance (object_sha256, operation, version, sources_json, parameters_json, created_at)
     VALUES (:objectSha256, :operation, :version, :sources, :parameters, :at)`,
    {
      objectSha256: made.objectSha256,
      operation: made.operation,
      version: programVersion(),
      sources: JSON.stringify(made.sources),
      parameters: JSON.stringify(made.parameters),
      at: new Date().toISOString(),
    },
  )
}

/** How every derived file of a case (images, label versions, proposals) was made, oldest first. */
export function caseProvenance(database: Database, caseId: string): Provenance[] {
  return database
    .all<ProvenanceRow>(
      `SELECT * FROM provenance WHERE object_sha256 IN (
         SELECT object_sha256 FROM images WHERE case_id = :caseId AND object_sha256 IS NOT NULL
         UNION SELECT object_sha256 FROM label_versions WHERE case_id = :caseId
         UNION SELECT object_sha256 FROM proposals WHERE case_id = :caseId)
       ORDER BY created_at, object_sha256`,
      { caseId },
    )
    .map(provenanceOf)
}
