import {
  GliadeskError,
  LABEL_COUNT,
  SEQUENCES,
  type ManifestCase,
  type Sequence,
} from '../../contract/index.ts'
import { planCanonical, sameGrid, voxelVolumeMl } from '../../imaging/geometry/index.ts'
import { readLabelmap } from '../../imaging/labelmap/index.ts'
import { readNifti } from '../../imaging/nifti/index.ts'
import { canonicalNonZeroBox } from '../data/nonZeroBox.ts'
import type { Triple } from '../data/preparedCase.ts'

/** What planning wants to know of one case. */
export interface CaseFacts {
  readonly spacingMm: Triple
  /** Of the box around everything that is not zero, on the canonical axes. */
  readonly shape: Triple
  /** Share of that box that is not zero in the first sequence. */
  readonly brainShare: number
  /** Inside the non-zero mask of each sequence that is there. */
  readonly intensities: readonly {
    readonly sequence: Sequence
    readonly mean: number
    readonly deviation: number
  }[]
  /** Millilitres of labels 1, 2, 3; null without a label. */
  readonly classMl: readonly number[] | null
}

/**
 * Reads every sequence and the label of a case and tells its facts.
 *
 * @returns null for a case without an image
 * @throws GliadeskError BAD_INPUT where the sequences lie on different grids, BAD_FILE for damaged files
 */
export async function readCaseFacts(
  source: ManifestCase,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<CaseFacts | null> {
  const images = []
  for (const sequence of SEQUENCES) {
    const path = source.images[sequence]
    if (path === undefined) continue
    const { grid, voxels } = (await readNifti(await readFile(path), path)).volume
    images.push({ sequence, voxels, plan: planCanonical(grid) })
  }
  if (images.length === 0) return null
  const { canonical } = images[0].plan
  const odd = images.find(({ plan }) => !sameGrid(plan.canonical, canonical))
  if (odd) {
    throw new GliadeskError(
      'BAD_INPUT',
      `Case ${source.name}: ${odd.sequence} lies on another grid than the other sequences.`,
      'Prepare this case, so that its sequences share one grid, or leave it out.',
    )
  }
  const { size } = canonicalNonZeroBox(images)
  const masked = images.map(({ sequence, voxels }) => ({ sequence, ...momentsInMask(voxels) }))
  const box = size[0] * size[1] * size[2]
  return {
    spacingMm: canonical.spacingMm,
    shape: size,
    brainShare: Math.min(1, masked[0].count / box),
    intensities: masked.map(({ sequence, mean, deviation }) => ({ sequence, mean, deviation })),
    classMl: source.label ? await readClassMl(source.label, readFile) : null,
  }
}

/** Of the finite voxels that are not zero; 0 where there are none. */
function momentsInMask(voxels: ArrayLike<number>): {
  readonly count: number
  readonly mean: number
  readonly deviation: number
} {
  let [count, sum, squares] = [0, 0, 0]
  for (let i = 0; i < voxels.length; i++) {
    const value = voxels[i]
    if (value === 0 || !Number.isFinite(value)) continue
    count++
    sum += value
    squares += value * value
  }
  if (count === 0) return { count, mean: 0, deviation: 0 }
  const mean = sum / count
  return { count, mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) }
}

async function readClassMl(
  { path, convention }: NonNullable<ManifestCase['label']>,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<number[]> {
  const { labels, grid } = await readLabelmap(await readFile(path), path, convention)
  const counts = new Array<number>(LABEL_COUNT).fill(0)
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++
  return counts.slice(1).map((count) => count * voxelVolumeMl(grid))
}
