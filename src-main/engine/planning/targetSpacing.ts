import type { DatasetFingerprint } from '../../contract/index.ts'

/** nnU-Net: an axis is the coarse one where its voxels are more than three times as long as the others'. */
const ANISOTROPY_LIMIT = 3

export interface TargetSpacing {
  /** Edge of the isotropic voxels, mm. */
  readonly spacingMm: number
  readonly isAnisotropic: boolean
}

/**
 * The voxel size of full resolution. Per axis nnU-Net's rule: the median, or for an axis whose voxels are more than three
 * times as long as the shortest the tenth percentile, lest half of the cases be up-sampled from nothing. Our networks halve
 * all axes together, so the three become one edge, their geometric mean, which keeps the number of voxels as it is.
 */
export function targetSpacing({
  medianSpacingMm,
  fineSpacingMm,
}: Pick<DatasetFingerprint, 'medianSpacingMm' | 'fineSpacingMm'>): TargetSpacing {
  const shortest = Math.min(...medianSpacingMm)
  const isCoarse = medianSpacingMm.map((edge) => edge / shortest > ANISOTROPY_LIMIT)
  const axes = medianSpacingMm.map((edge, axis) =>
    isCoarse[axis] ? Math.max(shortest, fineSpacingMm[axis]) : edge,
  )
  return {
    spacingMm: Math.cbrt(axes[0] * axes[1] * axes[2]),
    isAnisotropic: isCoarse.includes(true),
  }
}
