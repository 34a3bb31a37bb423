import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { volumeGridSchema, type LabelConvention, type VolumeGrid } from '../../contract/index.ts'
import { readLabelmap } from '../../imaging/labelmap/index.ts'
import { readNifti, type NiftiHeader } from '../../imaging/nifti/index.ts'
import type { Workspace } from '../../storage/index.ts'
import { notFound } from '../notFound.ts'

/** What labelling needs to know of a case. */
export interface LabelCase {
  readonly id: string
  readonly name: string
  readonly grid: VolumeGrid
  readonly convention: LabelConvention
}

/** @throws GliadeskError NOT_FOUND */
export function findLabelCase(workspace: Workspace, caseId: string): LabelCase {
  const row = workspace.database.get<{
    name: string
    grid_json: string
    label_convention: LabelConvention
  }>('SELECT name, grid_json, label_convention FROM cases WHERE id = :caseId', { caseId })
  if (!row) throw notFound('case', caseId)
  return {
    id: caseId,
    name: row.name,
    grid: volumeGridSchema.parse(JSON.parse(row.grid_json)),
    convention: row.label_convention,
  }
}

/**
 * The header that written labels of a case take over: that of the segmentation it came with, else that of a
 * source image, so that geometry fields and extensions come back byte for byte. Undefined where neither can be
 * read any more; the geometry is then written afresh.
 */
export async function labelTemplate(
  workspace: Workspace,
  caseId: string,
): Promise<NiftiHeader | undefined> {
  const { database, objects } = workspace
  const imported = database.get<{ object_sha256: string }>(
    "SELECT object_sha256 FROM label_versions WHERE case_id = :caseId AND origin = 'import' ORDER BY number LIMIT 1",
    { caseId },
  )
  if (imported) {
    const name = `${imported.object_sha256}.nii.gz`
    return (await readLabelmap(await objects.read(imported.object_sha256), name)).header
  }
  const images = database.all<{ path: string; object_sha256: string | null }>(
    'SELECT path, object_sha256 FROM images WHERE case_id = :caseId ORDER BY sequence',
    { caseId },
  )
  for (const image of images) {
    const path = image.object_sha256 ? objects.pathOf(image.object_sha256) : image.path
    const header = await readFile(path)
      .then((bytes) => readNifti(bytes, basename(path)))
      .then(
        (image) => image.header,
        () => undefined,
      )
    if (header) return header
  }
  return undefined
}
