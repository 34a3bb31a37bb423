import { stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { GliadeskError, provenanceSchema, type Relocation } from '../../contract/index.ts'
import type { Database, Workspace } from '../../storage/index.ts'
import { openFileFinder, type FileFinder } from './fileFinder.ts'
import { findMovedSeries } from './relocateSeries.ts'

/**
 * Points a data set at the folder that its files moved to. A file counts as found only where its content's hash is the
 * one that was imported: first at the same place under the new folder, else anywhere in it by its name. What is found
 * is taken over, also where something else is missing. Files beside a header have to be beside it still; a DICOM series is
 * found where every one of its files is. What preparation started from moves along.
 *
 * @throws GliadeskError NOT_FOUND for an unknown data set or a folder that is not there; BAD_INPUT where nothing matches
 */
export async function relocateDataset(
  workspace: Workspace,
  datasetId: string,
  path: string,
): Promise<Relocation> {
  const { database } = workspace
  const root = resolve(path)
  const dataset = database.get<{ root_path: string }>(
    'SELECT root_path FROM datasets WHERE id = :datasetId',
    {
      datasetId,
    },
  )
  const isFolder = await stat(root).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!dataset || !isFolder) {
    throw new GliadeskError(
      'NOT_FOUND',
      dataset
        ? `${root} is no folder that can be opened.`
        : 'This data set is no longer in the workspace.',
      'Choose the folder that the data set was moved to.',
    )
  }
  const finder = await openFileFinder(dataset.root_path, root)
  const roots = { from: dataset.root_path, to: root }
  const series = await findMovedSeries(database, datasetId, roots, finder)
  const rows = imageRows(database, datasetId)
  const found: { row: ImageRow; path: string }[] = []
  const missing: string[] = []
  const changed: string[] = []
  let unmoved = 0
  for (const row of rows) {
    const ofDicom = series.find(({ sha256 }) => sha256 === row.sha256)
    const now = ofDicom ?? (await finder.find(row.path, row.sha256))
    const beside = now.path === null ? null : await companionsMoved(database, row, now.path, finder)
    if (now.path === null) (now.isThere ? changed : missing).push(row.path)
    else if (beside !== null) changed.push(beside)
    else if (now.path === row.path) unmoved++
    else found.push({ row, path: now.path })
  }
  if (found.length + unmoved === 0) {
    throw new GliadeskError(
      'BAD_INPUT',
      `${root} holds none of the ${rows.length} images of this data set with the content that was imported.`,
      'Choose the folder that the data set was moved to, or import this one as a new data set.',
    )
  }
  database.transaction(() => {
    for (const { row, path: moved } of found) {
      const { case_id, sequence } = row
      database.run(
        `UPDATE ${row.place} SET path = :moved WHERE case_id = :case_id AND sequence = :sequence`,
        { moved, case_id, sequence },
      )
    }
    for (const { id, path: moved, source } of series) {
      if (moved === null) continue
      const text = JSON.stringify(source)
      database.run('UPDATE dicom_series SET source_json = :text WHERE id = :id', { text, id })
    }
    const isTaken = database.get(
      'SELECT id FROM datasets WHERE root_path = :root AND id <> :datasetId',
      {
        root,
        datasetId,
      },
    )
    if (!isTaken) {
      database.run('UPDATE datasets SET root_path = :root WHERE id = :datasetId', {
        root,
        datasetId,
      })
    }
  })
  return { moved: found.length, unmoved, missing, changed }
}

interface ImageRow {
  /** The images that are read, and those that preparation started from. */
  place: 'images' | 'source_images'
  case_id: string
  sequence: string
  path: string
  sha256: string
  object_sha256: string | null
}

const imageRows = (database: Database, datasetId: string): ImageRow[] =>
  (['images', 'source_images'] as const).flatMap((place) =>
    database
      .all<Omit<ImageRow, 'place'>>(
        `SELECT case_id, sequence, ${place}.path, sha256, object_sha256
         FROM ${place} JOIN cases ON cases.id = ${place}.case_id WHERE cases.dataset_id = :datasetId`,
        { datasetId },
      )
      .map((row) => ({ ...row, place })),
  )

/**
 * Files beside a header (the voxels of a pair, of an .nhdr or an .mhd) have to lie beside it at the new place too, with
 * the content that was read.
 *
 * @returns the first that does not, or null
 */
async function companionsMoved(
  database: Database,
  row: ImageRow,
  path: string,
  finder: FileFinder,
): Promise<string | null> {
  const made = database.get<{ sources_json: string }>(
    'SELECT sources_json FROM provenance WHERE object_sha256 = :object',
    { object: row.object_sha256 },
  )
  const sources = provenanceSchema.shape.sources.parse(JSON.parse(made?.sources_json ?? '[]'))
  for (const source of sources) {
    const isBeside = source.sha256 !== row.sha256 && dirname(source.path) === dirname(row.path)
    const beside = join(dirname(path), basename(source.path))
    if (isBeside && (await finder.hashOf(beside)) !== source.sha256) return beside
  }
  return null
}
