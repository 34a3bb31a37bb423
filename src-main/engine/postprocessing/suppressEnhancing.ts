import { LABELS } from '../../contract/index.ts'

/**
 * Turns enhancing tumour into necrotic core, in place, where the whole case has less of it than `minEnhancingMl`.
 * Usual for BraTS (e.g. Isensee et al. 2020, arXiv:2011.00848): Dice of a region that the reference does not have is 0
 * for a single stray voxel. The default of 0.2 ml is a round
 * figure, chosen after a first look at test cases and not fitted; docs/uncertainty.md says how one is fitted.
 *
 * @param labels canonical labels of a case
 * @param voxelMl volume of a voxel in ml
 */
export function suppressEnhancing(
  labels: Uint8Array,
  voxelMl: number,
  minEnhancingMl: number,
): void {
  let voxels = 0
  for (let i = 0; i < labels.length; i++) if (labels[i] === LABELS.enhancing) voxels++
  if (voxels === 0 || voxels * voxelMl >= minEnhancingMl) return
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === LABELS.enhancing) labels[i] = LABELS.necrosis
  }
}
