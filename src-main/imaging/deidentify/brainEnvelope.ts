import { IDENTITY_AFFINE } from '../geometry/index.ts'
import { growMargin } from '../labelmap/index.ts'
import {
  extractBrain,
  isotropicGrid,
  isSkullStripped,
  reorientGrid,
  resampleImage,
  resampleLabels,
} from '../preparation/index.ts'
import type { Volume } from '../volume/index.ts'

export interface BrainEnvelope {
  /** The image holds no head around its brain any more. */
  readonly isStripped: boolean
  /** One byte a voxel of the image, 1 in the brain and around it; null where it was not looked for or not found. */
  readonly inside: Uint8Array | null
}

/** The brain is sought on voxels of this edge. */
const WORKING_MM = 2
/** Kept around the brain: its fluid and the inner skull, so that an error of the extraction cuts no brain. */
const MARGIN_MM = 10
/** No brain of a child or an adult lies outside (ml). */
const LIKELY_ML = [500, 2200] as const

/**
 * Where the brain and its surroundings lie in an image of the head. Eyes, nose, mouth, ears and skin lie outside but for
 * what is nearer to the brain than 10 mm.
 *
 * @param find look for the brain; without it only whether the image is stripped is said
 */
export function brainEnvelope(volume: Volume, find: boolean): BrainEnvelope {
  if (isSkullStripped(volume.voxels, volume.grid)) return { isStripped: true, inside: null }
  if (!find) return { isStripped: false, inside: null }
  const grid = isotropicGrid(reorientGrid(volume.grid), WORKING_MM)
  const { mask, volumeMl } = extractBrain(resampleImage(volume, grid, IDENTITY_AFFINE), grid)
  if (volumeMl < LIKELY_ML[0] || volumeMl > LIKELY_ML[1]) return { isStripped: false, inside: null }
  const labels = growMargin(mask, grid, MARGIN_MM)
  return {
    isStripped: false,
    inside: resampleLabels({ grid, labels }, volume.grid, IDENTITY_AFFINE),
  }
}
