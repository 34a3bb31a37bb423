import { fromCanonical, toCanonical } from '../geometry/index.ts'
import { growMargin } from '../labelmap/index.ts'
import { extractBrain, isSkullStripped } from '../preparation/index.ts'
import type { Volume } from '../volume/index.ts'

export interface BrainEnvelope {
  /** The image holds no head around its brain any more. */
  readonly isStripped: boolean
  /** One byte a voxel of the image, 1 in the brain and around it; null where it was not looked for or not found. */
  readonly inside: Uint8Array | null
}

/** Kept around the brain: its fluid and the inner skull, so that an error of the extraction cuts no brain. */
const MARGIN_MM = 10
/**
 * First a larger brain than preparation takes by default, because what is cut here is lost; where that runs into the skull,
 * a smaller one.
 */
const FRACTIONS = [0.4, 0.5]
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
  const canonical = toCanonical(volume)
  const { grid, voxels } = canonical.volume
  for (const fraction of FRACTIONS) {
    const { mask, volumeMl } = extractBrain(voxels, grid, fraction)
    if (volumeMl < LIKELY_ML[0] || volumeMl > LIKELY_ML[1]) continue
    const inside = fromCanonical(growMargin(mask, grid, MARGIN_MM), canonical.plan)
    return { isStripped: false, inside }
  }
  return { isStripped: false, inside: null }
}
