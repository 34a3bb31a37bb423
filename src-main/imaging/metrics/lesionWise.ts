import { REGIONS } from '../../contract/anatomy.ts'
import type { Region } from '../../contract/anatomy.ts'
import type { VolumeGrid } from '../../contract/volume.ts'
import { voxelVolumeMl } from '../geometry/index.ts'
import { connectedComponents, dilate18 } from '../labelmap/index.ts'
import { boxAroundBoth, boxSize, cropMask, mapAxes } from '../mask/index.ts'
import { hd95Mm } from './hd95.ts'
import type { MaskPair } from './hd95.ts'
import { regionMask } from './regionMask.ts'

/** Steps of dilation within which pieces of the reference count as one lesion (BraTS 2023, glioma). */
const DILATION_STEPS = 3
/** Lesions of the reference up to this size are left out. */
const SMALLEST_LESION_MM3 = 50
/** HD95 of a lesion that was missed or made up. */
const WORST_DISTANCE_MM = 374

/** Figures over the lesions of one region. */
export interface LesionWiseScore {
  /** Mean Dice; missed and made-up lesions count 0. 1 where there is no lesion at all. */
  readonly dice: number
  /** Mean area-weighted HD95; missed and made-up lesions count 374 mm. 0 where there is no lesion at all. */
  readonly hd95Mm: number
  /** Lesions of the reference that the prediction touches, that it misses, and lesions it made up. */
  readonly found: number
  readonly missed: number
  readonly madeUp: number
}

/**
 * Lesion-wise scores of the BraTS 2023 challenge for glioma. Pieces of the reference within three voxels of each other
 * are one lesion; every connected piece of the prediction that comes that near belongs to it. Lesions of the
 * reference of at most 50 mm³ are left out; pieces of the prediction near no lesion are made up, whatever their size.
 *
 * @param reference canonical labels, x fastest
 * @param predicted canonical labels on the same grid
 */
export function lesionWiseScores(
  reference: Uint8Array,
  predicted: Uint8Array,
  grid: VolumeGrid,
): Record<Region, LesionWiseScore> {
  const box = boxAroundBoth(reference, predicted, grid.dims)
  const near = (labels: Uint8Array): Uint8Array =>
    box ? cropMask(labels, grid.dims, box, DILATION_STEPS) : new Uint8Array(1)
  const dims = box
    ? mapAxes((axis) => boxSize(box)[axis] + 2 * DILATION_STEPS)
    : ([1, 1, 1] as const)
  const nearReference = near(reference)
  const nearPredicted = near(predicted)
  const [WT, TC, ET] = REGIONS.map((region) =>
    scoreRegion(
      {
        reference: regionMask(nearReference, region),
        predicted: regionMask(nearPredicted, region),
        dims,
        spacingMm: grid.spacingMm,
      },
      voxelVolumeMl(grid) * 1000,
    ),
  )
  return { WT, TC, ET }
}

interface Lesion {
  size: number
  overlap: number
  readonly pieces: Set<number>
}

function scoreRegion(masks: MaskPair, voxelMm3: number): LesionWiseScore {
  const { reference, predicted, dims } = masks
  const near = connectedComponents(dilate18(reference, dims, DILATION_STEPS), dims, 26).ids
  const pieces = connectedComponents(predicted, dims, 26)
  const lesions = new Map<number, Lesion>()
  const matched = new Set<number>()
  for (let voxel = 0; voxel < near.length; voxel++) {
    const id = near[voxel]
    if (id === 0) continue
    const lesion = lesions.get(id) ?? { size: 0, overlap: 0, pieces: new Set() }
    lesions.set(id, lesion)
    const piece = pieces.ids[voxel]
    if (piece !== 0) {
      lesion.pieces.add(piece)
      matched.add(piece)
    }
    if (reference[voxel] !== 0) {
      lesion.size++
      if (piece !== 0) lesion.overlap++
    }
  }

  let found = 0
  let missed = 0
  let diceSum = 0
  let distanceSum = 0
  for (const [id, lesion] of lesions) {
    if (lesion.size * voxelMm3 <= SMALLEST_LESION_MM3) continue
    if (lesion.pieces.size === 0) {
      missed++
      distanceSum += WORST_DISTANCE_MM
      continue
    }
    found++
    const predictedSize = [...lesion.pieces].reduce((sum, piece) => sum + pieces.sizes[piece], 0)
    diceSum += (2 * lesion.overlap) / (lesion.size + predictedSize)
    const lesionMasks = {
      ...masks,
      reference: reference.map((value, voxel) => (value !== 0 && near[voxel] === id ? 1 : 0)),
      predicted: predicted.map((_, voxel) => (lesion.pieces.has(pieces.ids[voxel]) ? 1 : 0)),
    }
    distanceSum += hd95Mm(lesionMasks, 'nan', 'area-weighted') ?? WORST_DISTANCE_MM
  }
  const madeUp = pieces.count - matched.size
  const count = found + missed + madeUp
  if (count === 0) return { dice: 1, hd95Mm: 0, found, missed, madeUp }
  return {
    dice: diceSum / count,
    hd95Mm: (distanceSum + madeUp * WORST_DISTANCE_MM) / count,
    found,
    missed,
    madeUp,
  }
}
