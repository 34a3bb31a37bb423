import { REGIONS } from '../../contract/anatomy.ts'
import type { Region } from '../../contract/anatomy.ts'
import type { CaseScore } from '../../contract/models.ts'
import type { VolumeGrid } from '../../contract/volume.ts'
import { voxelVolumeMl } from '../geometry/index.ts'
import { boxAroundBoth, boxSize, cropMask } from '../mask/index.ts'
import { countOverlap, dice } from './dice.ts'
import type { EmptyPolicy } from './emptyPolicy.ts'
import { hd95Mm } from './hd95.ts'
import type { Hd95Variant } from './hd95.ts'
import { regionMask } from './regionMask.ts'

/** The figures of one case, without saying which. */
export type LabelmapScore = Omit<CaseScore, 'caseId' | 'caseName'>

/**
 * Scores a predicted labelmap against a reference by region: Dice, HD95 in mm, and volume error in ml (predicted
 * minus reference). Null where `emptyPolicy` leaves a metric undefined.
 *
 * @param reference canonical labels, x fastest
 * @param predicted canonical labels on the same grid
 * @throws RangeError where the lengths do not match the grid
 */
export function scoreLabelmaps(
  reference: Uint8Array,
  predicted: Uint8Array,
  grid: VolumeGrid,
  emptyPolicy: EmptyPolicy,
  hd95Variant: Hd95Variant = 'max-directed',
): LabelmapScore {
  const voxels = grid.dims[0] * grid.dims[1] * grid.dims[2]
  if (reference.length !== voxels || predicted.length !== voxels) {
    throw new RangeError(
      `Labelmaps of ${reference.length} and ${predicted.length} voxels on a grid of ${voxels}`,
    )
  }
  // Everything happens inside the box around both tumours.
  const box = boxAroundBoth(reference, predicted, grid.dims)
  const dims = box ? boxSize(box) : grid.dims
  const inBox = (labels: Uint8Array): Uint8Array =>
    box ? cropMask(labels, grid.dims, box) : labels
  const nearReference = inBox(reference)
  const nearPredicted = inBox(predicted)
  const scoreRegion = (region: Region) => {
    const referenceMask = regionMask(nearReference, region)
    const predictedMask = regionMask(nearPredicted, region)
    const overlap = countOverlap(referenceMask, predictedMask)
    const masks = {
      reference: referenceMask,
      predicted: predictedMask,
      dims,
      spacingMm: grid.spacingMm,
    }
    return {
      dice: dice(overlap, emptyPolicy),
      hd95Mm: hd95Mm(masks, emptyPolicy, hd95Variant),
      volumeErrorMl: (overlap.predicted - overlap.reference) * voxelVolumeMl(grid),
    }
  }
  const [WT, TC, ET] = REGIONS.map(scoreRegion)
  return {
    dice: { WT: WT.dice, TC: TC.dice, ET: ET.dice },
    hd95Mm: { WT: WT.hd95Mm, TC: TC.hd95Mm, ET: ET.hd95Mm },
    volumeErrorMl: { WT: WT.volumeErrorMl, TC: TC.volumeErrorMl, ET: ET.volumeErrorMl },
  }
}
