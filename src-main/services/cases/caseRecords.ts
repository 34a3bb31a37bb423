import { z } from 'zod'
import {
  caseSummarySchema,
  SEQUENCES,
  sourceImageSchema,
  volumesMlSchema,
  type CaseSummary,
  type Sequence,
  type SourceImage,
} from '../../contract/index.ts'
import type { Database, Workspace } from '../../storage/index.ts'

interface SummaryRow {
  id: string
  dataset_id: string
  dataset_name: string
  synthetic: number
  name: string
  sequences: string
  grid_json: string
  label_convention: string
  split: string
  review_state: string
  flag_reason: string | null
  waiting_sequences: number
  version_count: number
  version_volumes: string | null
  proposal_state: string | null
  proposal_score: number | null
  proposal_volumes: string | null
  updated_at: string
}

export type UnorderedSummary = Omit<CaseSummary, 'priorityReason'>

const SELECT = `
SELECT cases.*, datasets.name AS dataset_name, datasets.synthetic, patients.split,
  (SELECT group_concat(sequence) FROM images WHERE case_id = cases.id) AS sequences,
  (SELECT count(*) FROM (
     SELECT sequence FROM source_images WHERE case_id = cases.id
     UNION SELECT sequence FROM dicom_series WHERE case_id = cases.id AND state = 'off-grid' AND sequence IS NOT NULL
     EXCEPT SELECT sequence FROM images WHERE case_id = cases.id)) AS waiting_sequences,
  (SELECT count(*) FROM label_versions WHERE case_id = cases.id) AS version_count,
  (SELECT volumes_json FROM label_versions WHERE case_id = cases.id ORDER BY number DESC LIMIT 1) AS version_volumes,
  newest.state AS proposal_state, newest.uncertainty_score AS proposal_score,
  newest.volumes_json AS proposal_volumes
FROM cases
JOIN datasets ON datasets.id = cases.dataset_id
JOIN patients ON patients.dataset_id = cases.dataset_id AND patients.patient = cases.patient
LEFT JOIN proposals AS newest ON newest.rowid =
  (SELECT rowid FROM proposals WHERE case_id = cases.id ORDER BY created_at DESC, rowid DESC LIMIT 1)
`

const unordered = caseSummarySchema.omit({ priorityReason: true })

function summaryOf(row: SummaryRow): UnorderedSummary {
  const present = new Set(row.sequences.split(','))
  const volumes = row.version_volumes ?? row.proposal_volumes
  return unordered.parse({
    id: row.id,
    datasetId: row.dataset_id,
    datasetName: row.dataset_name,
    name: row.name,
    sequences: SEQUENCES.filter((sequence) => present.has(sequence)),
    grid: JSON.parse(row.grid_json),
    labelConvention: row.label_convention,
    split: row.split,
    reviewState: row.review_state,
    flagReason: row.flag_reason,
    synthetic: row.synthetic === 1,
    needsPreparation: row.waiting_sequences > 0,
    versionCount: row.version_count,
    proposalState: row.proposal_state,
    uncertaintyScore: row.proposal_score,
    wholeTumourMl: volumes ? volumesMlSchema.parse(JSON.parse(volumes)).WT : null,
    updatedAt: row.updated_at,
  })
}

/** Cases in the order of their import; all of them, or those of one data set. */
export function listCases(database: Database, datasetId: string | null): UnorderedSummary[] {
  return database
    .all<SummaryRow>(
      `${SELECT} WHERE :datasetId IS NULL OR cases.dataset_id = :datasetId ORDER BY cases.position`,
      { datasetId },
    )
    .map(summaryOf)
}

export function findCase(database: Database, caseId: string): UnorderedSummary | null {
  const row = database.get<SummaryRow>(`${SELECT} WHERE cases.id = :caseId`, { caseId })
  return row ? summaryOf(row) : null
}

/** What import found odd about a case, in sentences. */
export function caseWarnings(database: Database, caseId: string): string[] {
  const row = database.get<{ warnings_json: string }>(
    'SELECT warnings_json FROM cases WHERE id = :caseId',
    { caseId },
  )
  return row ? z.array(z.string()).parse(JSON.parse(row.warnings_json)) : []
}

export function caseImages(
  database: Database,
  caseId: string,
): Partial<Record<Sequence, SourceImage>> {
  const rows = database.all<{
    sequence: Sequence
    path: string
    sha256: string
    grid_json: string
    object_sha256: string | null
  }>(
    'SELECT sequence, path, sha256, grid_json, object_sha256 FROM images WHERE case_id = :caseId',
    { caseId },
  )
  return Object.fromEntries(
    rows.map(({ sequence, path, sha256, grid_json, object_sha256 }) => [
      sequence,
      sourceImageSchema.parse({
        path,
        sha256,
        grid: JSON.parse(grid_json),
        objectSha256: object_sha256 ?? undefined,
      }),
    ]),
  )
}

/** Where the NIfTI of an image lies: the source itself, or what the workspace made of it. */
export function imageFile(workspace: Workspace, image: SourceImage): string {
  return image.objectSha256 ? workspace.objects.pathOf(image.objectSha256) : image.path
}
