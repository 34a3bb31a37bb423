import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GliadeskError, SEQUENCES, type PreparationRecord } from '../../contract/index.ts'
import { asStorageError, type Workspace } from '../../storage/index.ts'
import { addVersion } from '../labels/index.ts'
import { recordProvenance } from '../provenance/index.ts'
import { carriedLabel, type CarriedLabel } from './carriedLabel.ts'
import { findOriginals, keepOriginals } from './originals.ts'
import { preparedFileName } from './prepareCaseFiles.ts'
import { addPreparation } from './preparationRecords.ts'

/**
 * Makes the results of a preparation the images of its case, in one step: objects first, then every row. The originals stay
 * where they are and stay recorded; the label that came with the case is carried over; proposals on the old grid are closed.
 *
 * @param folder where the results lie
 * @throws GliadeskError WRONG_STATE where the case's files are no longer those that were prepared
 */
export async function applyPreparation(
  workspace: Workspace,
  record: PreparationRecord,
  folder: string,
  reader: string,
): Promise<PreparationRecord> {
  const { database, objects, audit } = workspace
  const { caseId } = record
  const originals = findOriginals(database, caseId)
  for (const sequence of SEQUENCES) {
    const made = record.sequences[sequence]
    if (!made) continue
    if (originals[sequence]?.sha256 !== made.source.sha256) throw outdated()
    const path = join(folder, preparedFileName(sequence, 'after'))
    const bytes = await readFile(path).catch((error: unknown) => {
      throw asStorageError(error, 'reading the prepared image', path)
    })
    if ((await objects.put(bytes)) !== made.preparedSha256) throw outdated()
  }
  const label = await carriedLabel(workspace, record)
  const applied: PreparationRecord = { ...record, state: 'applied' }
  database.transaction(() => {
    keepOriginals(database, caseId, originals)
    replaceImages(workspace, applied)
    if (label) replaceLabel(workspace, applied, label, reader)
    database.run(
      `UPDATE proposals SET state = 'rejected' WHERE case_id = :caseId AND state IN ('open', 'partly-accepted')`,
      { caseId },
    )
    database.run('DELETE FROM preparations WHERE case_id = :caseId', { caseId })
    addPreparation(database, applied)
    audit.append({
      actor: reader,
      action: 'case.prepare',
      subject: caseId,
      detail: { preparationId: record.id, algorithms: record.algorithms },
    })
  })
  return applied
}

const outdated = (): GliadeskError =>
  new GliadeskError(
    'WRONG_STATE',
    'The files of this case have changed since it was prepared, so the result was not used.',
    'Prepare the case again.',
  )

function replaceImages({ database }: Workspace, record: PreparationRecord): void {
  const { caseId, plan, algorithms, reference } = record
  const grid = JSON.stringify(record.grid)
  database.run('DELETE FROM images WHERE case_id = :caseId', { caseId })
  for (const sequence of SEQUENCES) {
    const made = record.sequences[sequence]
    if (!made) continue
    const { source, preparedSha256, preparedToSource } = made
    database.run(
      `INSERT INTO images (case_id, sequence, path, sha256, grid_json, object_sha256)
       VALUES (:caseId, :sequence, :path, :sha256, :grid, :objectSha256)`,
      {
        caseId,
        sequence,
        path: source.path,
        sha256: source.sha256,
        grid,
        objectSha256: preparedSha256,
      },
    )
    const anchor = record.sequences[reference]?.source
    const sources = [source, ...(anchor && anchor !== source ? [anchor] : [])]
    recordProvenance(database, {
      objectSha256: preparedSha256,
      operation: 'prepare a raw sequence',
      sources: sources.map(({ path, sha256 }) => ({ path, sha256 })),
      parameters: { plan: { ...plan }, algorithms, sequence, reference, preparedToSource },
    })
  }
  const row = database.get<{ warnings_json: string }>(
    'SELECT warnings_json FROM cases WHERE id = :caseId',
    { caseId },
  )
  const warnings = (JSON.parse(row?.warnings_json ?? '[]') as string[]).filter(
    (sentence) => !sentence.includes('needs preparation'),
  )
  database.run(
    'UPDATE cases SET grid_json = :grid, warnings_json = :warnings, updated_at = :at WHERE id = :caseId',
    { caseId, grid, warnings: JSON.stringify(warnings), at: new Date().toISOString() },
  )
}

function replaceLabel(
  workspace: Workspace,
  record: PreparationRecord,
  label: CarriedLabel,
  reader: string,
): void {
  const { database } = workspace
  const { caseId } = record
  const { originalSha256, objectSha256 } = label
  database.run(
    `INSERT INTO source_labels (case_id, object_sha256) VALUES (:caseId, :originalSha256)
     ON CONFLICT (case_id) DO NOTHING`,
    { caseId, originalSha256 },
  )
  // Nobody drew or signed on these (preparationStatus): they are the file that came, on a grid the case leaves.
  database.run('DELETE FROM label_versions WHERE case_id = :caseId', { caseId })
  recordProvenance(database, {
    objectSha256,
    operation: 'carry a label onto the prepared grid',
    sources: [{ path: `${originalSha256}.nii.gz`, sha256: originalSha256 }],
    parameters: { plan: { ...record.plan }, algorithms: record.algorithms },
  })
  addVersion(workspace, {
    caseId,
    parentId: null,
    objectSha256,
    origin: 'import',
    author: reader,
    note: 'Came with the images, carried onto the prepared grid',
    volumesMl: label.volumesMl,
  })
}
