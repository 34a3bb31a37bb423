import { stat } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { GliadeskError, type ImportEvent, type ImportProblem } from '../../contract/index.ts'
import { discoverCases } from '../../imaging/sequences/index.ts'
import { asStorageError, type Workspace } from '../../storage/index.ts'
import { ensureDataset } from './datasetRecords.ts'
import { listFiles } from './listFiles.ts'
import { readCaseFiles } from './readCaseFiles.ts'
import { readDatasetDescription } from './readDatasetDescription.ts'
import { storeCase } from './storeCase.ts'

export interface ImportRequest {
  readonly path: string
  /** Null takes the name that the folder gives itself. */
  readonly name: string | null
}

/**
 * Imports a folder of cases in BraTS or BIDS layout. Source files stay where they are and are only read. A file or a
 * case that cannot be used is told in a sentence, and everything else goes on; a full disk ends the import with what
 * was stored so far.
 *
 * @param onCase told the id of every stored case
 * @throws GliadeskError BAD_INPUT or NOT_FOUND for a path that is no folder
 */
export async function importFolder(
  workspace: Workspace,
  request: ImportRequest,
  emit: (event: ImportEvent) => void,
  onCase: (caseId: string, name: string) => void,
): Promise<void> {
  const root = await checkedRoot(request.path)
  const report = (problem: ImportProblem): void => emit({ type: 'problem', problem })
  const description = await readDatasetDescription(root, report)
  const { layout, cases, unrecognised } = discoverCases(await listFiles(root, report))
  for (const { path, reason } of unrecognised) {
    report({
      path,
      field: 'name',
      message: `${path} takes no part: ${reason}.`,
      remedy: 'Rename it as BraTS or BIDS do if it belongs to a case.',
    })
  }
  if (layout === null) {
    report({
      path: root,
      field: 'folder',
      message: `${root} holds no case: no image named as in BraTS or BIDS was found.`,
      remedy:
        'Choose the folder that holds the case folders, with names such as case1_flair.nii.gz.',
    })
    emit({ type: 'done', datasetId: null, imported: 0, skipped: 0 })
    return
  }
  const datasetId = ensureDataset(workspace.database, {
    rootPath: root,
    name: request.name,
    description,
    layout,
    caseNames: cases.map(({ name }) => name),
  })
  let imported = 0
  for (const [index, found] of cases.entries()) {
    emit({ type: 'progress', done: index, total: cases.length, caseName: found.name })
    try {
      const files = await readCaseFiles(found, report)
      if (!files) continue
      onCase(await storeCase(workspace, datasetId, found.name, files, 'Import'), found.name)
      imported++
    } catch (error) {
      const known = asStorageError(error, `importing ${found.name}`, workspace.path)
      report({ path: found.name, field: 'case', message: known.message, remedy: known.remedy })
      // Every further case would meet the same wall.
      if (known.code === 'DISK_FULL' || known.code === 'READ_ONLY') break
    }
  }
  emit({ type: 'done', datasetId, imported, skipped: cases.length - imported })
}

async function checkedRoot(path: string): Promise<string> {
  if (!isAbsolute(path)) {
    throw new GliadeskError(
      'BAD_INPUT',
      `"${path}" is not a full path, so it is unclear which folder is meant.`,
      'Choose the folder with the dialog, or type the path from the root of the disk.',
    )
  }
  const root = resolve(path)
  const found = await stat(root).catch((error: unknown) => {
    throw asStorageError(error, 'opening the folder', root)
  })
  if (!found.isDirectory()) {
    throw new GliadeskError(
      'BAD_INPUT',
      `${root} is a file; a data set is a folder of cases.`,
      'Choose the folder that holds the file.',
    )
  }
  return root
}
