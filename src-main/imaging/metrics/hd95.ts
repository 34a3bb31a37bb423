import { BRATS_WORST_DISTANCE_MM } from './emptyPolicy.ts'
import type { EmptyPolicy } from './emptyPolicy.ts'
import { percentile } from './percentile.ts'
import type { SurfaceDistances } from './surface.ts'

/**
 * The ways HD95 is computed in the field; they differ by millimetres on the same masks, so a figure always names
 * its own.
 *
 * `max-directed`: the larger of the two directed 95th percentiles (MONAI). `pooled`: the 95th percentile of both
 * directions together (medpy).
 */
export type Hd95Variant = 'max-directed' | 'pooled'

/**
 * 95th percentile Hausdorff distance in mm.
 *
 * @param distances null where either mask is empty
 * @param areBothEmpty tells the two empty cases apart
 */
export function hd95Mm(
  distances: SurfaceDistances | null,
  areBothEmpty: boolean,
  emptyPolicy: EmptyPolicy,
  variant: Hd95Variant = 'max-directed',
): number | null {
  if (distances === null) {
    if (emptyPolicy === 'nan') return null
    return areBothEmpty ? 0 : BRATS_WORST_DISTANCE_MM
  }
  const { referenceToPredicted, predictedToReference } = distances
  if (variant === 'max-directed') {
    return Math.max(percentile(referenceToPredicted, 95), percentile(predictedToReference, 95))
  }
  const pooled = new Float64Array(referenceToPredicted.length + predictedToReference.length)
  pooled.set(referenceToPredicted)
  pooled.set(predictedToReference, referenceToPredicted.length)
  return percentile(pooled, 95)
}
