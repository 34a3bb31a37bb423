import { sourceImageSchema, type Sequence, type SourceImage } from '../../contract/index.ts'
import type { Database } from '../../storage/index.ts'
import { caseImages } from '../cases/index.ts'
import { appliedPreparation } from './preparationRecords.ts'

export type Originals = Partial<Record<Sequence, SourceImage>>

interface ImageRow {
  sequence: Sequence
  path: string
  sha256: string
  grid_json: string
  object_sha256: string | null
}

const imageOf = (row: ImageRow): SourceImage =>
  sourceImageSchema.parse({
    path: row.path,
    sha256: row.sha256,
    grid: JSON.parse(row.grid_json),
    objectSha256: row.object_sha256 ?? undefined,
  })

/**
 * The images that a case came with, each on its own grid: for DICOM those that were chosen, used or off the grid; for a
 * prepared case what it was prepared from; else its images and those that import set aside for preparation.
 */
export function findOriginals(database: Database, caseId: string): Originals {
  const images = appliedPreparation(database, caseId) ? {} : caseImages(database, caseId)
  return { ...images, ...keptOriginals(database, caseId), ...dicomOriginals(database, caseId) }
}

function keptOriginals(database: Database, caseId: string): Originals {
  const rows = database.all<ImageRow>(
    'SELECT sequence, path, sha256, grid_json, object_sha256 FROM source_images WHERE case_id = :caseId',
    { caseId },
  )
  return Object.fromEntries(rows.map((row) => [row.sequence, imageOf(row)]))
}

function dicomOriginals(database: Database, caseId: string): Originals {
  const rows = database.all<{
    sequence: Sequence
    object_sha256: string
    grid_json: string
    sources_json: string | null
  }>(
    `SELECT sequence, dicom_series.object_sha256, grid_json, sources_json FROM dicom_series
     LEFT JOIN provenance ON provenance.object_sha256 = dicom_series.object_sha256
     WHERE case_id = :caseId AND sequence IS NOT NULL AND state IN ('used', 'off-grid')`,
    { caseId },
  )
  return Object.fromEntries(
    rows.map((row) => {
      const sources = JSON.parse(row.sources_json ?? '[]') as { path: string; sha256: string }[]
      const { path = '', sha256 = row.object_sha256 } = sources.at(0) ?? {}
      return [row.sequence, imageOf({ ...row, path, sha256 })]
    }),
  )
}

/**
 * Keeps what a case came with, beside the images it is shown with. Replaces what was kept before, and what the case was
 * prepared as.
 */
export function keepOriginals(database: Database, caseId: string, originals: Originals): void {
  database.run('DELETE FROM source_images WHERE case_id = :caseId', { caseId })
  database.run("DELETE FROM preparations WHERE case_id = :caseId AND state = 'applied'", { caseId })
  for (const [sequence, image] of Object.entries(originals)) {
    database.run(
      `INSERT INTO source_images (case_id, sequence, path, sha256, grid_json, object_sha256)
       VALUES (:caseId, :sequence, :path, :sha256, :grid, :objectSha256)`,
      {
        caseId,
        sequence,
        path: image.path,
        sha256: image.sha256,
        grid: JSON.stringify(image.grid),
        objectSha256: image.objectSha256 ?? null,
      },
    )
  }
}

/** True where a case is prepared from exactly these files: importing them again changes nothing. */
export function isPreparedFrom(database: Database, caseId: string, originals: Originals): boolean {
  const applied = appliedPreparation(database, caseId)
  if (!applied) return false
  const names = Object.keys(originals) as Sequence[]
  const prepared = applied.sequences
  return (
    names.length === Object.keys(prepared).length &&
    names.every((name) => prepared[name]?.source.sha256 === originals[name]?.sha256)
  )
}
