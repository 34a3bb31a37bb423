import { stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, resolve } from 'node:path'
import { GliadeskError, type ImportEvent, type ImportProblem } from '../../contract/index.ts'
import { discoverCases } from '../../imaging/sequences/index.ts'
import { asStorageError, type Workspace } from '../../storage/index.ts'
import { ensureDataset } from './datasetRecords.ts'
import { collectSources, importDicom, type CaseNaming } from './dicom/index.ts'
import { stratifyFirstDraw } from './drawSplit.ts'
import { listFiles } from './listFiles.ts'
import { readCaseFiles } from './readCaseFiles.ts'
import { readDatasetDescription } from './readDatasetDescription.ts'
import { readLabelTables } from './readLabelTables.ts'
import { readListedDataset } from './readListedDataset.ts'
import { readStrata } from './readStrata.ts'
import { storeCase } from './storeCase.ts'

export interface ImportRequest {
  readonly path: string
  /** Null takes the name that the folder gives itself. */
  readonly name: string | null
  /** What cases from DICOM are called; by a pseudonym where not given. */
  readonly caseNaming?: CaseNaming
}

/**
 * Imports a folder of cases in BraTS, BIDS, Decathlon or nnU-Net layout, and every DICOM study in it; a zip archive of
 * DICOM too. Source files stay where they are and are only read. A file or a
 * case that cannot be used is told in a sentence, and everything else goes on; a full disk ends the import with what
 * was stored so far.
 *
 * @param onCase told the id of every stored case
 * @param signal stops between two files, slices or cases; what was stored so far stays
 * @throws GliadeskError BAD_INPUT or NOT_FOUND for a path that is no folder and no archive; the signal's reason
 */
export async function importFolder(
  workspace: Workspace,
  request: ImportRequest,
  emit: (event: ImportEvent) => void,
  onCase: (caseId: string, name: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { root, isArchive } = await checkedRoot(request.path)
  const report = (problem: ImportProblem): void => emit({ type: 'problem', problem })
  const description = await readDatasetDescription(root, report)
  const paths = isArchive ? [root] : await listFiles(root, report)
  const { layout, cases, unrecognised } =
    (await readListedDataset(root, report)) ?? discoverCases(paths, await readLabelTables(paths))
  const importStudies = async () => {
    // Archives beside cases that lie unpacked are copies or downloads of them.
    const wanted = layout === null ? paths : paths.filter((path) => !/\.zip$/i.test(path))
    const sources = await collectSources(root, wanted, report, signal)
    try {
      const naming = request.caseNaming ?? 'pseudonym'
      const studies = { rootPath: root, name: request.name, description, naming }
      const hooks = { emit, onCase, signal }
      return await importDicom(workspace, { ...studies, files: sources.files }, hooks)
    } finally {
      sources.close()
    }
  }
  for (const { path, reason } of unrecognised) {
    report({
      path,
      field: 'name',
      message: `${path} takes no part: ${reason}.`,
      remedy: 'Rename it as BraTS or BIDS do if it belongs to a case.',
    })
  }
  if (layout === null) {
    const dicom = await importStudies()
    if (dicom.datasetId === null && dicom.skipped === 0) {
      report({
        path: root,
        field: 'folder',
        message: `${root} holds no case: neither a DICOM study nor an image named as in BraTS or BIDS was found.`,
        remedy:
          'Choose a folder with DICOM files, or one with case folders and names such as case1_flair.nii.gz.',
      })
    }
    emit({ type: 'done', ...dicom })
    return
  }
  const isNew =
    description.splits.size === 0 &&
    !workspace.database.get('SELECT id FROM datasets WHERE root_path = :root', { root })
  const datasetId = ensureDataset(workspace.database, {
    rootPath: root,
    name: request.name,
    description,
    layout,
    caseNames: cases.map(({ name }) => name),
    strata: await readStrata(root, cases),
  })
  let imported = 0
  for (const [index, found] of cases.entries()) {
    signal?.throwIfAborted()
    emit({ type: 'progress', done: index, total: cases.length, caseName: found.name })
    try {
      const files = await readCaseFiles(workspace, found, report)
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
  const dicom = await importStudies()
  if (isNew) stratifyFirstDraw(workspace.database, datasetId)
  emit({
    type: 'done',
    datasetId,
    imported: imported + dicom.imported,
    skipped: cases.length - imported + dicom.skipped,
  })
}

async function checkedRoot(path: string): Promise<{ root: string; isArchive: boolean }> {
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
  // A disc's table of contents stands for its folder.
  if (found.isFile() && /^DICOMDIR$/i.test(basename(root))) {
    return { root: dirname(root), isArchive: false }
  }
  const isArchive = found.isFile() && /\.zip$/i.test(root)
  if (!found.isDirectory() && !isArchive) {
    throw new GliadeskError(
      'BAD_INPUT',
      `${root} is a file; a data set is a folder of cases or a zip archive of DICOM files.`,
      'Choose the folder that holds the file.',
    )
  }
  return { root, isArchive }
}
