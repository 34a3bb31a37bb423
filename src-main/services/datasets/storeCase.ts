import { GliadeskError, volumeGridSchema } from '../../contract/index.ts'
import { sameGrid } from '../../imaging/geometry/index.ts'
import { volumesMl } from '../../imaging/labelmap/index.ts'
import { patientOf } from '../../imaging/sequences/index.ts'
import type { Workspace } from '../../storage/index.ts'
import { newId } from '../identifiers/index.ts'
import { addVersion } from '../labels/index.ts'
import { isPreparedFrom, keepOriginals } from '../preparation/index.ts'
import type { CaseFiles } from './readCaseFiles.ts'

/**
 * Stores a case, or brings a known one up to date: images are replaced, the segmentation of the folder becomes the
 * first version only where the case has none yet. The label object is durable before any row names it.
 *
 * @returns the id of the case
 * @throws GliadeskError WRONG_STATE where a known case with versions has moved to another grid; DISK_FULL, READ_ONLY
 */
export async function storeCase(
  workspace: Workspace,
  datasetId: string,
  name: string,
  files: CaseFiles,
  author: string,
): Promise<string> {
  const { database, objects } = workspace
  const objectSha256 = files.label ? await objects.put(files.label.fileBytes) : null
  const waitingSha256 = files.waitingLabel ? await objects.put(files.waitingLabel) : null
  return database.transaction(() => {
    const known = database.get<{ id: string; grid_json: string; versions: number }>(
      `SELECT id, grid_json, (SELECT count(*) FROM label_versions WHERE case_id = cases.id) AS versions
       FROM cases WHERE dataset_id = :datasetId AND name = :name`,
      { datasetId, name },
    )
    const isPrepared = known && isPreparedFrom(database, known.id, files.originals ?? files.images)
    if (known && isPrepared) return known.id
    const moved =
      known && !sameGrid(volumeGridSchema.parse(JSON.parse(known.grid_json)), files.grid)
    if (known && moved && known.versions > 0) {
      throw new GliadeskError(
        'WRONG_STATE',
        `The images of ${name} now lie on another grid than the labels saved for it, so the case was left as it was.`,
        'Put the original images back, or import the new ones from a folder of their own.',
      )
    }
    const id = known?.id ?? newId('case')
    database.run(
      `INSERT INTO cases (id, dataset_id, name, patient, grid_json, label_convention, review_state, flag_reason,
         warnings_json, position, updated_at)
       VALUES (:id, :datasetId, :name, :patient, :grid, :convention, 'unseen', NULL, :warnings,
         (SELECT coalesce(max(position), 0) + 1 FROM cases), :at)
       ON CONFLICT (id) DO UPDATE SET grid_json = :grid, warnings_json = :warnings, updated_at = :at`,
      {
        id,
        datasetId,
        name,
        patient: patientOf(name),
        grid: JSON.stringify(files.grid),
        convention: files.convention,
        warnings: JSON.stringify(files.warnings),
        at: new Date().toISOString(),
      },
    )
    keepOriginals(database, id, files.originals ?? {})
    if (waitingSha256) {
      database.run(
        `INSERT INTO source_labels (case_id, object_sha256) VALUES (:id, :waitingSha256)
         ON CONFLICT (case_id) DO UPDATE SET object_sha256 = :waitingSha256`,
        { id, waitingSha256 },
      )
    }
    database.run('DELETE FROM images WHERE case_id = :id', { id })
    for (const [sequence, image] of Object.entries(files.images)) {
      database.run(
        `INSERT INTO images (case_id, sequence, path, sha256, grid_json, object_sha256)
         VALUES (:id, :sequence, :path, :sha256, :grid, :objectSha256)`,
        {
          id,
          sequence,
          path: image.path,
          sha256: image.sha256,
          grid: JSON.stringify(image.grid),
          objectSha256: image.objectSha256 ?? null,
        },
      )
    }
    if (files.label && objectSha256 && (known?.versions ?? 0) === 0) {
      addVersion(workspace, {
        caseId: id,
        parentId: null,
        objectSha256,
        origin: 'import',
        author,
        note: 'Came with the images',
        volumesMl: volumesMl(files.label.labels, files.grid),
      })
    }
    return id
  })
}
