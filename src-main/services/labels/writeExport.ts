import { randomUUID } from 'node:crypto'
import { writeSegmentation } from '../../imaging/formats/index.ts'
import { readLabelmap } from '../../imaging/labelmap/index.ts'
import { asStorageError, writeFileAtomically, type Workspace } from '../../storage/index.ts'
import { endingOf } from './exportPath.ts'
import type { LabelCase } from './labelCase.ts'

/**
 * Writes a stored labelmap to a file in the format that its name asks for. As `.nii.gz` the stored bytes are written
 * as they are.
 *
 * @param target a path that `exportPath` gave
 * @throws GliadeskError DISK_FULL, READ_ONLY
 */
export async function writeExport(
  workspace: Workspace,
  stored: Uint8Array,
  labelCase: Pick<LabelCase, 'name' | 'convention'>,
  target: string,
): Promise<void> {
  const ending = endingOf(target) ?? '.nii.gz'
  try {
    if (ending === '.nii.gz') {
      await writeFileAtomically(workspace.files, target, stored, randomUUID())
      return
    }
    const { name, convention } = labelCase
    const { labels, grid } = await readLabelmap(stored, name, convention)
    const stem = target.slice(0, -ending.length)
    for (const file of await writeSegmentation({ labels, grid, convention }, ending)) {
      await writeFileAtomically(workspace.files, stem + file.ending, file.bytes, randomUUID())
    }
  } catch (error) {
    throw asStorageError(error, 'exporting the labels', target)
  }
}
