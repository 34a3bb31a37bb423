import type { VolumeGrid } from '../../contract/index.ts'

/** The box every synthetic head fits in, mm along x (left–right), y (back–front), z (foot–head). */
const FIELD_OF_VIEW_MM = [150, 176, 155] as const
/** The anatomical point (mm, anterior commissure at the origin) that lies at the middle of the grid. */
const CENTRE_MM = [0, -17, 8] as const

/** Smallest number of voxels an axis may have: below it no ventricle is left to see. */
export const MIN_DIM = 16

export interface HeadGrid {
  grid: VolumeGrid
  spacingMm: number
  /** Anatomical position of voxel (0,0,0); x grows with i to the left, y falls with j, z grows with k. */
  originMm: readonly [number, number, number]
}

/**
 * Places the head on a lattice: isotropic voxels, as small as the dims allow while the whole head fits
 * (240×240×155 gives the 1 mm of BraTS, 64×64×56 about 2.8 mm), stored as BraTS stores it: i to the
 * left, j to the back, k to the head.
 *
 * @param dims [nx, ny, nz]; throws a RangeError below MIN_DIM or for fractions
 */
export function createHeadGrid(dims: readonly [number, number, number]): HeadGrid {
  for (const dim of dims) {
    if (!Number.isInteger(dim) || dim < MIN_DIM) {
      throw new RangeError(
        `dims must be whole numbers of at least ${MIN_DIM}, got ${dims.join('×')}`,
      )
    }
  }
  const [nx, ny, nz] = dims
  const exact = Math.max(...FIELD_OF_VIEW_MM.map((extent, axis) => extent / dims[axis]))
  const spacingMm = Math.round(exact * 1000) / 1000
  return {
    grid: {
      dims: [nx, ny, nz],
      spacingMm: [spacingMm, spacingMm, spacingMm],
      indexToWorld: [
        ...[-spacingMm, 0, 0, 0],
        ...[0, -spacingMm, 0, spacingMm * (ny - 1)],
        ...[0, 0, spacingMm, 0],
        ...[0, 0, 0, 1],
      ],
    },
    spacingMm,
    originMm: [
      CENTRE_MM[0] - ((nx - 1) / 2) * spacingMm,
      CENTRE_MM[1] + ((ny - 1) / 2) * spacingMm,
      CENTRE_MM[2] - ((nz - 1) / 2) * spacingMm,
    ],
  }
}
