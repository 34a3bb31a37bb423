import {
  GliadeskError,
  LABEL_COUNT,
  SEQUENCE_TITLES,
  type ManifestCase,
  type Sequence,
} from '../../contract/index.ts'
import { planCanonical, sameGrid, type CanonicalPlan } from '../../imaging/geometry/index.ts'
import { readLabelmap } from '../../imaging/labelmap/index.ts'
import { readNifti } from '../../imaging/nifti/index.ts'
import type { Voxels } from '../../imaging/volume/index.ts'
import { canonicalNonZeroBox, cropInto } from './nonZeroBox.ts'
import { normaliseIntensity } from './normaliseIntensity.ts'
import type { PreparedCase, Triple, VoxelBox } from './preparedCase.ts'
import { resample, resampleLabels, workingDims } from './resample.ts'

/** At most this many voxels a class are kept for drawing patches around; evenly thinned beyond. */
const MAX_FOREGROUND_VOXELS = 20_000

/** How a network wants its cases. */
export interface CaseRequirements {
  readonly sequences: readonly Sequence[]
  /** Those a case may lack; they become channels of zeros, and one sequence must be left. Absent: none. */
  readonly mayLack?: readonly Sequence[]
  /** Edge of its voxels; undefined: the case's own. */
  readonly spacingMm: number | undefined
}

/**
 * Reads the sequences and the label of a case and prepares them: canonical axes, crop to the non-zero box,
 * z-score, resampling to the network's voxel size.
 *
 * @throws GliadeskError BAD_INPUT where a sequence is missing or grids differ, BAD_FILE for damaged files
 */
export async function loadCase(
  source: ManifestCase,
  requirements: CaseRequirements,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<PreparedCase> {
  const { sequences, spacingMm } = requirements
  const absent = absentSequences(source, requirements)
  const present = sequences.filter((sequence) => !absent.includes(sequence))
  const images = await Promise.all(
    present.map((sequence) => readSequence(source, sequence, readFile)),
  )
  const plan = images[0].plan
  images.forEach((image, i) => requireSameGrid(source, plan, image.plan, present[i]))
  const crop = canonicalNonZeroBox(images)
  const working = workingDims(crop.size, plan.canonical.spacingMm, spacingMm)
  const cropLength = crop.size[0] * crop.size[1] * crop.size[2]
  const read = images.map((image) => {
    const cropped = cropInto(image.voxels, image.plan, crop, new Float32Array(cropLength))
    normaliseIntensity(cropped)
    return resample(cropped, crop.size, working)
  })
  const nothing = new Float32Array(working[0] * working[1] * working[2])
  const channels = sequences.map((sequence) => read[present.indexOf(sequence)] ?? nothing)
  const labels = await readLabels(source, plan, crop, working, readFile)
  return {
    caseId: source.caseId,
    name: source.name,
    sequences,
    ...(absent.length > 0 ? { absent } : {}),
    dims: working,
    channels,
    labels,
    foreground: labels ? foregroundVoxels(labels) : [],
    placement: { canonical: plan, crop },
  }
}

/** The allowed gaps of a case; none where it has nothing at all, so that reading names what is missing. */
function absentSequences(
  source: ManifestCase,
  { sequences, mayLack = [] }: CaseRequirements,
): Sequence[] {
  const isThere = (sequence: Sequence): boolean => source.images[sequence] !== undefined
  if (!sequences.some(isThere)) return []
  return mayLack.filter((sequence) => sequences.includes(sequence) && !isThere(sequence))
}

async function readSequence(
  source: ManifestCase,
  sequence: Sequence,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<{ voxels: Voxels; plan: CanonicalPlan }> {
  const path = source.images[sequence]
  if (path === undefined) {
    throw new GliadeskError(
      'BAD_INPUT',
      `Case ${source.name} has no ${SEQUENCE_TITLES[sequence]}, which this model needs.`,
      'Choose a model for the sequences this case has, or add the missing sequence.',
    )
  }
  const { grid, voxels } = (await readNifti(await readFile(path), path)).volume
  return { voxels, plan: planCanonical(grid) }
}

async function readLabels(
  source: ManifestCase,
  plan: CanonicalPlan,
  crop: VoxelBox,
  working: Triple,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<Uint8Array | null> {
  if (!source.label) return null
  const { path, convention } = source.label
  const stored = await readLabelmap(await readFile(path), path, convention)
  const labelPlan = planCanonical(stored.grid)
  requireSameGrid(source, plan, labelPlan, null)
  const length = crop.size[0] * crop.size[1] * crop.size[2]
  const cropped = cropInto(stored.labels, labelPlan, crop, new Uint8Array(length))
  return resampleLabels(cropped, crop.size, working, LABEL_COUNT)
}

function requireSameGrid(
  source: ManifestCase,
  expected: CanonicalPlan,
  found: CanonicalPlan,
  sequence: Sequence | null,
): void {
  if (sameGrid(expected.canonical, found.canonical)) return
  const what = sequence === null ? 'segmentation' : SEQUENCE_TITLES[sequence]
  throw new GliadeskError(
    'BAD_INPUT',
    `Case ${source.name}: the ${what} lies on a grid of ${found.canonical.dims.join('×')} voxels, the other images on ${expected.canonical.dims.join('×')} or at another position.`,
    'Resample or register the sequences of this case onto one grid, then import it again.',
  )
}

/** Flat indices of the voxels of labels 1, 2, 3. */
export function foregroundVoxels(labels: Uint8Array): Uint32Array[] {
  const counts = new Array<number>(LABEL_COUNT).fill(0)
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++
  return counts.slice(1).map((count, index) => {
    const stride = Math.max(1, Math.ceil(count / MAX_FOREGROUND_VOXELS))
    const voxels = new Uint32Array(Math.ceil(count / stride))
    let seen = 0
    for (let i = 0; i < labels.length; i++) {
      if (labels[i] !== index + 1) continue
      if (seen % stride === 0) voxels[seen / stride] = i
      seen++
    }
    return voxels
  })
}
