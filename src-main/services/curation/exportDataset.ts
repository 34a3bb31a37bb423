import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { isAbsolute, join, resolve, sep } from 'node:path'
import { gzipSync } from 'node:zlib'
import { GliadeskError, type DatasetExport, type ExportFormat } from '../../contract/index.ts'
import { writeSegmentation, type SegmentationEnding } from '../../imaging/formats/index.ts'
import { readLabelmap } from '../../imaging/labelmap/index.ts'
import { asStorageError, writeFileAtomically, type Workspace } from '../../storage/index.ts'
import { caseImages, imageFile, listCases } from '../cases/index.ts'
import { listVersions } from '../labels/index.ts'
import { bidsFiles } from './bidsFiles.ts'
import type { ExportCase, ExportList } from './exportList.ts'
import { nnunetFiles } from './nnunetFiles.ts'

const LABEL_ENDINGS = {
  nifti: '.nii.gz',
  nrrd: '.nrrd',
  'seg.nrrd': '.seg.nrrd',
  metaimage: '.mha',
} as const

/**
 * Writes a data set into an empty folder: as a ready nnU-Net 2 or BIDS data set, or its newest labels in one format.
 * Labels of nnU-Net and BIDS are consecutive (ET = 3); the other formats keep the convention of each case.
 *
 * @throws GliadeskError BAD_INPUT for a folder in use, NOT_FOUND for an unknown data set, DISK_FULL, READ_ONLY
 */
export async function exportDataset(
  workspace: Workspace,
  request: { readonly datasetId: string; readonly format: ExportFormat; readonly path: string },
): Promise<DatasetExport> {
  const { format, path } = request
  const dataset = workspace.database.get<{ name: string }>(
    'SELECT name FROM datasets WHERE id = :id',
    {
      id: request.datasetId,
    },
  )
  if (!dataset) {
    throw new GliadeskError(
      'NOT_FOUND',
      'This data set is no longer in the workspace.',
      'Choose another one.',
    )
  }
  await prepareFolder(workspace, path)
  const ids = new Map<ExportCase, { id: string; convention: 'et3' | 'et4' }>()
  const cases = listCases(workspace.database, request.datasetId).map((found, index): ExportCase => {
    const safe = found.name.replace(/[^A-Za-z0-9_.-]+/g, '-')
    const isTaken = [...ids.keys()].some(
      ({ fileName }) => fileName.toLowerCase() === safe.toLowerCase(),
    )
    const { split, sequences, versionCount } = found
    const one = {
      fileName: isTaken ? `${safe}-${index}` : safe,
      split,
      sequences,
      hasLabel: versionCount > 0,
    }
    ids.set(one, { id: found.id, convention: found.labelConvention })
    return one
  })
  const list =
    format === 'nnunet'
      ? nnunetFiles(dataset.name, cases)
      : format === 'bids'
        ? bidsFiles(dataset.name, cases)
        : labelFiles(cases, LABEL_ENDINGS[format])
  const isConsecutive = format === 'nnunet' || format === 'bids'
  let written = 0
  const save = async (target: string, bytes: Uint8Array): Promise<void> => {
    try {
      await mkdir(join(target, '..'), { recursive: true })
      await writeFileAtomically(workspace.files, target, bytes, randomUUID())
      written++
    } catch (error) {
      throw asStorageError(error, 'exporting the data set', target)
    }
  }
  for (const file of list.files) {
    const target = join(path, file.path)
    if ('text' in file) {
      await save(target, new TextEncoder().encode(file.text))
      continue
    }
    const { id, convention } = ids.get(file.of) ?? { id: '', convention: 'et4' as const }
    if ('image' in file) {
      const image = caseImages(workspace.database, id)[file.image]
      if (!image) continue
      const source = imageFile(workspace, image)
      const bytes = await readFile(source).catch((error: unknown) => {
        throw asStorageError(error, 'reading the image', source)
      })
      await save(target, bytes[0] === 0x1f && bytes[1] === 0x8b ? bytes : gzipSync(bytes))
      continue
    }
    const version = listVersions(workspace.database, id).at(-1)
    if (!version) continue
    const stored = await workspace.objects.read(version.objectSha256)
    const { labels, grid } = await readLabelmap(stored, file.of.fileName, convention)
    const request = { labels, grid, convention: isConsecutive ? ('et3' as const) : convention }
    const [main] = await writeSegmentation(request, file.label)
    await save(target, main.bytes)
  }
  return { path, cases: list.cases, files: written, skipped: [...list.skipped] }
}

function labelFiles(cases: readonly ExportCase[], ending: SegmentationEnding): ExportList {
  const labelled = cases.filter(({ hasLabel }) => hasLabel)
  return {
    files: labelled.map((of) => ({
      path: of.fileName + (ending.startsWith('.seg') ? '' : '_seg') + ending,
      label: ending,
      of,
    })),
    cases: labelled.length,
    skipped: cases
      .filter(({ hasLabel }) => !hasLabel)
      .map(({ fileName }) => `${fileName}: has no saved label`),
  }
}

async function prepareFolder(workspace: Workspace, path: string): Promise<void> {
  if (!isAbsolute(path) || (resolve(path) + sep).startsWith(resolve(workspace.path) + sep)) {
    throw new GliadeskError(
      'BAD_INPUT',
      `"${path}" cannot take an export: it is no full path, or it lies inside the workspace.`,
      'Choose an empty folder elsewhere.',
    )
  }
  let entries: string[]
  try {
    await mkdir(path, { recursive: true })
    entries = await readdir(path)
  } catch (error) {
    throw asStorageError(error, 'exporting the data set', path)
  }
  if (entries.some((entry) => !entry.startsWith('.'))) {
    throw new GliadeskError(
      'BAD_INPUT',
      `${path} already holds files, so nothing was exported there.`,
      'Choose an empty folder or the name of a new one.',
    )
  }
}
