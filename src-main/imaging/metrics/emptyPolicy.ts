/**
 * What a metric is worth where a mask is empty.
 *
 * `nan`: what the formula gives, null where it gives nothing (both empty: Dice 0/0; either empty: no
 * surface to measure to). `brats`: the challenge's rule, both empty is perfect (Dice 1, HD95 0), one empty is worst
 * (Dice 0, HD95 the diagonal of its images).
 */
export type EmptyPolicy = 'nan' | 'brats'

/** The diagonal of a BraTS image, 240 × 240 × 155 voxels of 1 mm: 373.13 mm. */
export const BRATS_WORST_DISTANCE_MM = Math.hypot(240, 240, 155)
