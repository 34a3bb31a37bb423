import type { EmptyPolicy } from './emptyPolicy.ts'
import type { SurfaceDistances } from './surface.ts'

/**
 * Normalised surface Dice: the share of both surfaces (counted in surface voxels, as MONAI does) that lies within a
 * tolerance of the other (Nikolov et al. 2021, doi 10.2196/26151).
 *
 * @returns both empty: null ('nan') or 1 ('brats'); one empty: 0
 */
export function surfaceDice(
  distances: SurfaceDistances | null,
  areBothEmpty: boolean,
  toleranceMm: number,
  emptyPolicy: EmptyPolicy,
): number | null {
  if (distances === null) {
    if (!areBothEmpty) return 0
    return emptyPolicy === 'brats' ? 1 : null
  }
  const within = (values: Float64Array): number =>
    values.reduce((count, distance) => (distance <= toleranceMm ? count + 1 : count), 0)
  const { referenceToPredicted, predictedToReference } = distances
  return (
    (within(referenceToPredicted) + within(predictedToReference)) /
    (referenceToPredicted.length + predictedToReference.length)
  )
}
