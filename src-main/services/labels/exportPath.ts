import { stat } from 'node:fs/promises'
import { isAbsolute, join, resolve, sep } from 'node:path'
import { GliadeskError } from '../../contract/index.ts'
import { SEGMENTATION_ENDINGS, type SegmentationEnding } from '../../imaging/formats/index.ts'
import type { Workspace } from '../../storage/index.ts'

/**
 * Where an export goes: a folder gets the suggested name, a file name gets `.nii.gz` where it ends like no
 * format that labels are written in.
 *
 * @param onlyEnding the one ending that the file may have instead, e.g. ".dcm"; '' for any
 * @throws GliadeskError BAD_INPUT for a relative path, one inside the workspace, or a source image
 */
export async function exportPath(
  workspace: Workspace,
  path: string,
  suggestedName: string,
  onlyEnding?: string,
): Promise<string> {
  if (!isAbsolute(path)) {
    throw new GliadeskError(
      'BAD_INPUT',
      `"${path}" is not a full path, so it is unclear which folder is meant.`,
      'Choose the folder with the dialog, or type the path from the root of the disk.',
    )
  }
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  const target = isFolder
    ? join(path, suggestedName)
    : hasEnding(path, onlyEnding)
      ? path
      : `${path}${onlyEnding ?? '.nii.gz'}`
  if (resolve(target).startsWith(resolve(workspace.path) + sep)) {
    throw new GliadeskError(
      'BAD_INPUT',
      `${target} lies inside the workspace, which Gliadesk keeps in order by itself.`,
      'Export to another folder.',
    )
  }
  const image = workspace.database.get('SELECT path FROM images WHERE path = :target', { target })
  if (image) {
    throw new GliadeskError(
      'BAD_INPUT',
      `${target} is a source image of this workspace; source images are never overwritten.`,
      'Choose another file name.',
    )
  }
  return target
}

const hasEnding = (path: string, onlyEnding: string | undefined): boolean =>
  onlyEnding === undefined ? endingOf(path) !== null : path.toLowerCase().endsWith(onlyEnding)

/** The format that a file's name asks for; null where it names none. */
export function endingOf(path: string): SegmentationEnding | null {
  return SEGMENTATION_ENDINGS.find((ending) => path.toLowerCase().endsWith(ending)) ?? null
}
