import {
  GliadeskError,
  SEQUENCES,
  SEQUENCE_TITLES,
  type PreparationPlan,
  type RegistrationRecord,
  type Sequence,
  type VolumeGrid,
} from '../../contract/index.ts'
import { IDENTITY_AFFINE, indexToWorld } from '../geometry/index.ts'
import { boundingBox, cropMask, expandBox, mapAxes } from '../mask/index.ts'
import type { Volume } from '../volume/index.ts'
import { BIAS_DEFAULTS, correctBias } from './bias/correctBias.ts'
import { extractBrain, type BrainExtraction } from './brain/extractBrain.ts'
import { strippedBrain } from './brain/strippedBrain.ts'
import { chooseReference } from './chooseReference.ts'
import { coverageOf } from './coverageOf.ts'
import { headMask } from './registration/headMask.ts'
import { registerRigid } from './registration/registerRigid.ts'
import { cropGrid, isotropicGrid, reorientGrid } from './reorientGrid.ts'
import { resampleImage } from './resampling/resampleImage.ts'
import { rigidMotion } from './rigid/rigidPose.ts'
import { storeVoxels } from './storeVoxels.ts'

/** Raised whenever the same plan on the same voxels gives other voxels. */
export const PREPARATION_VERSION = 2

/** Height of head that cropping keeps below its top: the neck goes. */
const HEAD_HEIGHT_MM = 190
/** A registration that gains less than this is noise: the positions in the headers stay. */
const LEAST_GAIN = 0.001

export interface PreparedImage {
  readonly volume: Volume
  /** As the headers place it, on the same grid; null where nothing was registered. */
  readonly before: Volume | null
  readonly preparedToSource: number[]
  readonly registration: RegistrationRecord | null
  readonly coverage: number
  readonly bias: { readonly iterations: number; readonly low: number; readonly high: number } | null
}

export interface PreparedStudy {
  readonly reference: Sequence
  readonly grid: VolumeGrid
  readonly images: Partial<Record<Sequence, PreparedImage>>
  /** On the prepared grid; null where the plan leaves the step out. */
  readonly brain: BrainExtraction | null
}

/**
 * Brings the sequences of one head onto one grid (docs/preparation.md). Pure and deterministic.
 *
 * @param images as read from their files
 * @param onProgress share 0…1 of the whole and what is being done
 * @throws GliadeskError BAD_INPUT where the reference that the plan names is missing or there is no image
 */
export function prepareStudy(
  images: Partial<Record<Sequence, Volume>>,
  plan: PreparationPlan,
  onProgress: (share: number, message: string) => void = () => undefined,
): PreparedStudy {
  const present = SEQUENCES.filter((sequence) => images[sequence])
  const { reference, volume } = referenceOf(images, plan)
  const steps = present.length * 2 + 1
  let done = 0
  const say = (message: string, within = 0): void =>
    onProgress(Math.min(1, (done + within) / steps), message)

  say(`Laying out ${SEQUENCE_TITLES[reference]}`)
  const oriented = plan.reorient ? reorientGrid(volume.grid) : volume.grid
  const whole = plan.resample ? isotropicGrid(oriented, plan.resample.spacingMm) : oriented
  const laidOut = resampleImage(volume, whole, IDENTITY_AFFINE)
  if (plan.brainExtraction) say('Finding the brain')
  const wholeBrain = plan.brainExtraction
    ? (strippedBrain(volume, whole) ?? extractBrain(laidOut, whole, plan.brainExtraction.fraction))
    : null
  const wholeMask = wholeBrain?.mask ?? headMask(laidOut, whole, 0)
  const { grid, mask } = cropped(whole, wholeMask, plan)
  const brain = wholeBrain && { ...wholeBrain, mask }
  done++

  const result: PreparedStudy['images'] = {}
  for (const sequence of present) {
    const source = images[sequence]
    if (!source) continue
    const title = SEQUENCE_TITLES[sequence]
    const wanted = plan.register && sequence !== reference
    if (wanted) say(`Registering ${title} to ${SEQUENCE_TITLES[reference]}`)
    const found = wanted
      ? registered(volume, source, middleOf(grid), (share) => say(`Registering ${title}`, share))
      : null
    done++
    say(`Resampling ${title}`)
    const preparedToSource = found?.affine ?? [...IDENTITY_AFFINE]
    let values = resampleImage(source, grid, preparedToSource)
    let bias: PreparedImage['bias'] = null
    if (plan.biasCorrection) {
      say(`Evening out the brightness of ${title}`, 0.5)
      const options = { ...BIAS_DEFAULTS, levels: plan.biasCorrection.levels }
      const corrected = correctBias(values, grid, mask, options)
      values = corrected.voxels
      bias = { iterations: corrected.iterations, ...rangeInside(corrected.field, mask) }
    }
    if (brain) for (let i = 0; i < values.length; i++) if (brain.mask[i] === 0) values[i] = 0
    const asVolume = (voxels: Float32Array): Volume => ({
      grid,
      ...storeVoxels(voxels, source.voxelType),
    })
    result[sequence] = {
      volume: asVolume(values),
      before: wanted ? asVolume(resampleImage(source, grid, IDENTITY_AFFINE)) : null,
      preparedToSource,
      registration: found?.record ?? null,
      coverage: coverageOf(mask, grid, source.grid, preparedToSource),
      bias,
    }
    done++
  }
  onProgress(1, 'Done')
  return { reference, grid, images: result, brain }
}

function referenceOf(
  images: Partial<Record<Sequence, Volume>>,
  plan: PreparationPlan,
): { reference: Sequence; volume: Volume } {
  const grids = Object.fromEntries(
    Object.entries(images).map(([sequence, { grid }]) => [sequence, grid]),
  )
  const reference = plan.reference ?? chooseReference(grids)
  const volume = reference && images[reference]
  if (!reference || !volume) {
    throw new GliadeskError(
      'BAD_INPUT',
      reference
        ? `The case has no ${SEQUENCE_TITLES[reference]} that the other sequences could be brought onto.`
        : 'The case has no image to prepare.',
      'Choose another reference sequence.',
    )
  }
  return { reference, volume }
}

function registered(
  reference: Volume,
  source: Volume,
  middleMm: [number, number, number],
  onProgress: (share: number) => void,
): { affine: number[]; record: RegistrationRecord } {
  const { referenceToMoving, before, after } = registerRigid(reference, source, onProgress)
  const keptPosition = after.normalised - before.normalised < LEAST_GAIN
  const affine = keptPosition ? [...IDENTITY_AFFINE] : referenceToMoving
  return {
    affine,
    record: {
      before,
      after: keptPosition ? before : after,
      ...rigidMotion(affine, middleMm),
      keptPosition,
    },
  }
}

function cropped(
  whole: VolumeGrid,
  mask: Uint8Array,
  plan: PreparationPlan,
): { grid: VolumeGrid; mask: Uint8Array } {
  const bounds = plan.crop && boundingBox(mask, whole.dims)
  if (!plan.crop || !bounds) return { grid: whole, mask }
  const { marginMm } = plan.crop
  // "Up" is the last axis only in the order nearest to RAS+.
  const height = Math.ceil(HEAD_HEIGHT_MM / whole.spacingMm[2])
  const lowest = plan.reorient ? Math.max(bounds.low[2], bounds.high[2] - height) : bounds.low[2]
  const box = expandBox(
    { low: [bounds.low[0], bounds.low[1], lowest], high: bounds.high },
    mapAxes((axis) => Math.ceil(marginMm / whole.spacingMm[axis])),
    whole.dims,
  )
  return { grid: cropGrid(whole, box), mask: cropMask(mask, whole.dims, box) }
}

function middleOf(grid: VolumeGrid): [number, number, number] {
  const [x, y, z] = grid.dims
  return indexToWorld(grid, [(x - 1) / 2, (y - 1) / 2, (z - 1) / 2])
}

function rangeInside(field: Float32Array, mask: Uint8Array): { low: number; high: number } {
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < field.length; i++) {
    if (mask[i] === 0) continue
    if (field[i] < low) low = field[i]
    if (field[i] > high) high = field[i]
  }
  return high >= low ? { low, high } : { low: 1, high: 1 }
}
