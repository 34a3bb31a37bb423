import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { GliadeskError, SEQUENCE_TITLES, type Sequence } from '../../contract/index.ts'
import { invertAffine } from '../../imaging/geometry/index.ts'
import { readLabelmap, writeLabelmap } from '../../imaging/labelmap/index.ts'
import { readNifti } from '../../imaging/nifti/index.ts'
import { resampleLabels } from '../../imaging/preparation/index.ts'
import { asStorageError, writeFileAtomically, type Workspace } from '../../storage/index.ts'
import { imageFile } from '../cases/index.ts'
import { exportPath, findLabelCase, findVersion } from '../labels/index.ts'
import { appliedPreparation } from './preparationRecords.ts'

export interface OriginalExport {
  readonly caseId: string
  readonly versionId: string
  readonly sequence: Sequence
  readonly path: string
}

/**
 * Writes a version on the grid that a sequence came on, with the header of its file: the way back through the rigid
 * transform of the preparation.
 *
 * @returns the path written
 * @throws GliadeskError WRONG_STATE where the case is not prepared or lacks the sequence
 */
export async function exportOnOriginal(
  workspace: Workspace,
  request: OriginalExport,
): Promise<string> {
  const { database, objects, files } = workspace
  const { caseId, sequence } = request
  const labelCase = findLabelCase(workspace, caseId)
  const version = findVersion(database, caseId, request.versionId)
  const record = appliedPreparation(database, caseId)
  const made = record?.sequences[sequence]
  if (!made) {
    throw new GliadeskError(
      'WRONG_STATE',
      record
        ? `${labelCase.name} was prepared without a ${SEQUENCE_TITLES[sequence]}, so there is no such grid to go back to.`
        : `${labelCase.name} was not prepared: its labels lie on the grid its images came on.`,
      'Export on the grid of the case.',
    )
  }
  const { labels, grid } = await readLabelmap(
    await objects.read(version.objectSha256),
    `version ${version.number}`,
  )
  const original = imageFile(workspace, made.source)
  const bytes = await readFile(original).catch((error: unknown) => {
    throw asStorageError(error, 'reading the original image', original)
  })
  const { header } = await readNifti(bytes, basename(original))
  const back = resampleLabels(
    { grid, labels },
    made.source.grid,
    invertAffine(made.preparedToSource),
  )
  const name = `${labelCase.name}_v${version.number}_on_${sequence}.nii.gz`
  const target = await exportPath(workspace, request.path, name)
  const written = await writeLabelmap({
    labels: back,
    grid: made.source.grid,
    convention: labelCase.convention,
    template: header,
  })
  try {
    await writeFileAtomically(files, target, written, randomUUID())
  } catch (error) {
    throw asStorageError(error, 'exporting the label version', target)
  }
  return target
}
