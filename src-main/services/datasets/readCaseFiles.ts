import { basename } from 'node:path'
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
import type { DiscoveredCase } from '../../imaging/sequences/index.ts'
import { asStorageError, type Workspace } from '../../storage/index.ts'
import { readSourceImage } from './readSourceImage.ts'
import { readSourceLabel } from './readSourceLabel.ts'

/** What of a discovered case can be used. */
export interface CaseFiles {
  readonly grid: VolumeGrid
  readonly images: Partial<Record<Sequence, SourceImage>>
  /** Every image, where not all lie on one grid: preparation starts from these. */
  readonly originals?: Partial<Record<Sequence, SourceImage>>
  readonly convention: LabelConvention
  /** A segmentation on the grid of an image that waits for preparation, as `.nii.gz`. */
  readonly waitingLabel?: Uint8Array
  readonly label: {
    readonly labels: Uint8Array
    /** The file as `.nii.gz`: as it came, or compressed where it was not. */
    readonly fileBytes: Uint8Array
  } | null
  /** What the reader should know when opening the case. */
  readonly warnings: string[]
}

/** BraTS names files so from 2023 on, when enhancing tumour became 3. */
const NAMED_SINCE_2023 = /[-_](t2f|t1n|t1c|t2w)\.[a-z.]+$/i

/**
 * Reads and checks every file of a case. A file that cannot be used is reported and left out; the case goes on
 * with the others.
 *
 * @returns null where no image is left
 */
export async function readCaseFiles(
  workspace: Workspace,
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
      images[sequence] = await readSourceImage(workspace, path, found.frames?.[sequence], warnings)
    } catch (error) {
      leaveOut(path, sequence, error)
    }
  }
  const grid = commonGrid(Object.values(images))
  if (!grid) return null
  const originals = { ...images }
  for (const sequence of SEQUENCES) {
    const image = images[sequence]
    const reference = Object.entries(images).find(([, other]) => other.grid === grid)
    const other = reference ? SEQUENCE_TITLES[reference[0] as Sequence] : 'the other sequences'
    const difference =
      image && explainGridDifference(image.grid, grid, [SEQUENCE_TITLES[sequence], other])
    if (!image || !difference) continue
    delete images[sequence]
    const message = `${SEQUENCE_TITLES[sequence]} needs preparation before it can be used. ${difference}`
    const remedy = 'Open the case and press Prepare, or run "gliadesk prepare".'
    onProblem({ path: image.path, field: 'grid', message, remedy })
    warnings.push(message)
  }
  const fallback = Object.values(found.images).some((path) => NAMED_SINCE_2023.test(path))
    ? 'et3'
    : 'et4'
  let label: CaseFiles['label'] = null
  let waitingLabel: Uint8Array | undefined
  let convention: LabelConvention = fallback
  if (found.label !== null) {
    try {
      const map = await readSourceLabel(workspace, found.label, grid, {
        conventionIfAbsent: fallback,
        lookup: found.lookup,
      })
      const difference = explainGridDifference(map.grid, grid, ['the segmentation', 'the images'])
      const isWaiting = Object.values(originals).some((image) => sameGrid(image.grid, map.grid))
      if (difference && !isWaiting) throw offGrid(found.label, difference, 'the images')
      convention = map.convention
      warnings.push(...map.warnings)
      if (difference) waitingLabel = map.fileBytes
      else label = { labels: map.labels, fileBytes: map.fileBytes }
    } catch (error) {
      leaveOut(found.label, 'label', error)
    }
  }
  const isRaw = Object.keys(images).length < Object.keys(originals).length
  return {
    grid,
    images,
    originals: isRaw ? originals : undefined,
    convention,
    label,
    waitingLabel,
    warnings,
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
