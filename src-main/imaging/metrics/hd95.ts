import type { Triple } from '../mask/index.ts'
import { BRATS_WORST_DISTANCE_MM } from './emptyPolicy.ts'
import type { EmptyPolicy } from './emptyPolicy.ts'
import { percentile } from './percentile.ts'
import { surfaceDistances } from './surface.ts'
import { areaPercentile, surfelDistances } from './surfels.ts'

/**
 * The ways HD95 is computed in the field; they differ by millimetres on the same masks, so a figure always names
 * its own.
 *
 * `max-directed`: the larger of the two directed 95th percentiles over surface voxels (MONAI). `pooled`: the 95th
 * percentile of both directions together (medpy). `area-weighted`: the larger of the two directed percentiles over
 * marching-cubes surface elements weighted by their area (the BraTS evaluation).
 */
export type Hd95Variant = 'max-directed' | 'pooled' | 'area-weighted'

/** Two masks on one lattice, one byte a voxel, zero or one. */
export interface MaskPair {
  readonly reference: Uint8Array
  readonly predicted: Uint8Array
  readonly dims: Triple
  readonly spacingMm: Triple
}

/**
 * 95th percentile Hausdorff distance in mm.
 *
 * @returns where a mask is empty: null ('nan'), or ('brats') 0 for both and 373.13 for one
 */
export function hd95Mm(
  masks: MaskPair,
  emptyPolicy: EmptyPolicy,
  variant: Hd95Variant = 'max-directed',
): number | null {
  const distance =
    variant === 'area-weighted' ? areaWeightedHd95(masks) : surfaceVoxelHd95(masks, variant)
  if (distance !== null) return distance
  if (emptyPolicy === 'nan') return null
  const areBothEmpty = !masks.reference.includes(1) && !masks.predicted.includes(1)
  return areBothEmpty ? 0 : BRATS_WORST_DISTANCE_MM
}

function areaWeightedHd95(masks: MaskPair): number | null {
  const surfels = surfelDistances(masks.reference, masks.predicted, masks.dims, masks.spacingMm)
  if (surfels === null) return null
  return Math.max(areaPercentile(surfels.reference, 95), areaPercentile(surfels.predicted, 95))
}

function surfaceVoxelHd95(masks: MaskPair, variant: 'max-directed' | 'pooled'): number | null {
  const distances = surfaceDistances(masks.reference, masks.predicted, masks.dims, masks.spacingMm)
  if (distances === null) return null
  const { referenceToPredicted, predictedToReference } = distances
  if (variant === 'max-directed') {
    return Math.max(percentile(referenceToPredicted, 95), percentile(predictedToReference, 95))
  }
  const pooled = new Float64Array(referenceToPredicted.length + predictedToReference.length)
  pooled.set(referenceToPredicted)
  pooled.set(predictedToReference, referenceToPredicted.length)
  return percentile(pooled, 95)
}
