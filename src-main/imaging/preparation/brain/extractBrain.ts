import type { VolumeGrid } from '../../../contract/volume.ts'
import { voxelVolumeMl } from '../../geometry/index.ts'
import { connectedComponents, growMargin, shrinkMargin } from '../../labelmap/index.ts'
import { shrinkVolume } from '../registration/shrinkVolume.ts'
import { brainIntensities } from './brainIntensities.ts'
import { deformSurface } from './deformSurface.ts'
import { fillSurface } from './fillSurface.ts'
import { icosphere } from './icosphere.ts'

/** Voxels the surface is grown on. */
const WORKING_MM = 2
const SUBDIVISIONS = 4

export interface BrainExtraction {
  readonly mask: Uint8Array
  readonly volumeMl: number
  /** True where the image came without a skull; the mask is then its non-zero voxels. */
  readonly wasStripped: boolean
}

/** No brain with its fluid is larger, and no head smaller. */
const LARGEST_BRAIN_ML = 2200
/** Noise in the air leaves hardly a voxel at exactly 0. */
const LEAST_ZERO_SHARE = 0.2

/**
 * Whether everything but the brain is 0 already: much of the image is exactly 0, and what is not has the volume of a
 * brain rather than of a head.
 */
export function isSkullStripped(voxels: ArrayLike<number>, grid: VolumeGrid): boolean {
  let zeros = 0
  for (let i = 0; i < voxels.length; i++) if (voxels[i] === 0) zeros++
  const filledMl = (voxels.length - zeros) * voxelVolumeMl(grid)
  return zeros >= LEAST_ZERO_SHARE * voxels.length && filledMl <= LARGEST_BRAIN_ML
}

/**
 * Finds the brain in an image of the whole head, for T1 or contrast-enhanced T1 first of all (docs/preparation.md has its
 * measured accuracy and where it fails). An image that is stripped already is left as it is.
 *
 * @param grid in the axis order nearest to RAS+
 * @param fraction 0…1, larger gives a smaller brain
 */
export function extractBrain(
  voxels: ArrayLike<number>,
  grid: VolumeGrid,
  fraction = 0.5,
): BrainExtraction {
  const voxelMl = voxelVolumeMl(grid)
  if (isSkullStripped(voxels, grid)) {
    const mask = Uint8Array.from(voxels, (value) => (value !== 0 ? 1 : 0))
    return { mask, volumeMl: countOf(mask) * voxelMl, wasStripped: true }
  }
  const small = shrinkVolume({ grid, voxels }, WORKING_MM)
  const intensities = brainIntensities(small)
  const mesh = icosphere(SUBDIVISIONS)
  const surface = deformSurface(small, intensities, mesh, fraction)
  const mask = tidy(fillSurface(surface, mesh.triangles, grid), grid)
  return { mask, volumeMl: countOf(mask) * voxelMl, wasStripped: false }
}

/** Cuts thin bridges and keeps the largest piece. */
function tidy(mask: Uint8Array, grid: VolumeGrid): Uint8Array {
  const opened = shrinkMargin(mask, grid, 2)
  const { ids, count, sizes } = connectedComponents(opened, grid.dims, 6)
  if (count === 0) return mask
  let largest = 1
  for (let id = 2; id <= count; id++) if (sizes[id] > sizes[largest]) largest = id
  for (let i = 0; i < opened.length; i++) opened[i] = ids[i] === largest ? 1 : 0
  return growMargin(opened, grid, 2)
}

function countOf(mask: Uint8Array): number {
  let count = 0
  for (let i = 0; i < mask.length; i++) count += mask[i]
  return count
}
