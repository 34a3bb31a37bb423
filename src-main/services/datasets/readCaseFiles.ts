import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { gzipSync } from 'node:zlib'
import {
  GliadeskError,
  SEQUENCES,
  SEQUENCE_TITLES,
  type ImportProblem,
  type LabelConvention,
  type Sequence,
  type SourceImage,
  type VolumeGrid,
} from '../../contract/index.ts'
import { explainGridDifference, sameGrid } from '../../imaging/geometry/index.ts'
import { readLabelmap } from '../../imaging/labelmap/index.ts'
import { readNifti } from '../../imaging/nifti/index.ts'
import type { DiscoveredCase } from '../../imaging/sequences/index.ts'
import { asStorageError } from '../../storage/index.ts'

/** What of a discovered case can be used. */
export interface CaseFiles {
  readonly grid: VolumeGrid
  readonly images: Partial<Record<Sequence, SourceImage>>
  readonly convention: LabelConvention
  readonly label: {
    readonly labels: Uint8Array
    /** The file as `.nii.gz`: as it came, or compressed where it was not. */
    readonly fileBytes: Uint8Array
  } | null
  /** What the reader should know when opening the case. */
  readonly warnings: string[]
}

/** BraTS names files so from 2023 on, when enhancing tumour became 3. */
const NAMED_SINCE_2023 = /[-_](t2f|t1n|t1c|t2w)\.nii(\.gz)?$/i

/**
 * Reads and checks every file of a case. A file that cannot be used is reported and left out; the case goes on
 * with the others.
 *
 * @returns null where no image is left
 */
export async function readCaseFiles(
  found: DiscoveredCase,
  onProblem: (problem: ImportProblem) => void,
): Promise<CaseFiles | null> {
  const warnings: string[] = []
  const leaveOut = (path: string, field: string, error: unknown): void => {
    const known = asStorageError(error, 'reading the file', path)
    onProblem({ path, field, message: known.message, remedy: known.remedy })
    warnings.push(known.message)
  }
  const images: Partial<Record<Sequence, SourceImage>> = {}
  for (const sequence of SEQUENCES) {
    const path = found.images[sequence]
    if (path === undefined) continue
    try {
      images[sequence] = await readImage(path, warnings)
    } catch (error) {
      leaveOut(path, sequence, error)
    }
  }
  const grid = commonGrid(Object.values(images))
  if (!grid) return null
  for (const sequence of SEQUENCES) {
    const image = images[sequence]
    const reference = Object.entries(images).find(([, other]) => other.grid === grid)
    const other = reference ? SEQUENCE_TITLES[reference[0] as Sequence] : 'the other sequences'
    const difference =
      image && explainGridDifference(image.grid, grid, [SEQUENCE_TITLES[sequence], other])
    if (!image || !difference) continue
    delete images[sequence]
    leaveOut(image.path, 'grid', offGrid(image.path, difference, 'the other sequences'))
  }
  const fallback = Object.values(found.images).some((path) => NAMED_SINCE_2023.test(path))
    ? 'et3'
    : 'et4'
  let label: CaseFiles['label'] = null
  let convention: LabelConvention = fallback
  if (found.label !== null) {
    try {
      const bytes = await readFile(found.label)
      const map = await readLabelmap(bytes, basename(found.label), fallback)
      const difference = explainGridDifference(map.grid, grid, ['the segmentation', 'the images'])
      if (difference) throw offGrid(found.label, difference, 'the images')
      convention = map.convention
      warnings.push(...map.header.warnings)
      label = { labels: map.labels, fileBytes: asGzip(bytes) }
    } catch (error) {
      leaveOut(found.label, 'label', error)
    }
  }
  return { grid, images, convention, label, warnings }
}

async function readImage(path: string, warnings: string[]): Promise<SourceImage> {
  const bytes = await readFile(path)
  const { volume, header } = await readNifti(bytes, basename(path))
  warnings.push(...header.warnings)
  return {
    path,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    grid: volume.grid,
  }
}

/** The grid that most images lie on; the first of them in case of a tie. */
function commonGrid(images: readonly SourceImage[]): VolumeGrid | null {
  let best: VolumeGrid | null = null
  let bestCount = 0
  for (const { grid } of images) {
    const count = images.filter((other) => sameGrid(grid, other.grid)).length
    if (count > bestCount) {
      best = grid
      bestCount = count
    }
  }
  return best
}

function offGrid(path: string, difference: string, others: string): GliadeskError {
  return new GliadeskError(
    'BAD_FILE',
    `${basename(path)} was left out. ${difference}`,
    `Resample or register it to ${others}, then import the folder again.`,
  )
}

const asGzip = (bytes: Uint8Array): Uint8Array =>
  bytes[0] === 0x1f && bytes[1] === 0x8b ? bytes : gzipSync(bytes)
