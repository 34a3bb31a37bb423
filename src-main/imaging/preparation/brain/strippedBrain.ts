import type { VolumeGrid } from '../../../contract/volume.ts'
import { IDENTITY_AFFINE, voxelVolumeMl } from '../../geometry/index.ts'
import type { Volume } from '../../volume/index.ts'
import { resampleLabels } from '../resampling/resampleLabels.ts'
import { isSkullStripped, type BrainExtraction } from './extractBrain.ts'

/**
 * The brain of an image that came stripped, on another grid: its voxels that are not 0. Asked of the image as stored,
 * because a cubic interpolation leaves hardly a voxel at exactly 0.
 *
 * @returns null where the image has a skull
 */
export function strippedBrain(image: Volume, grid: VolumeGrid): BrainExtraction | null {
  if (!isSkullStripped(image.voxels, image.grid)) return null
  const labels = Uint8Array.from(image.voxels, (value) => (value !== 0 ? 1 : 0))
  const mask = resampleLabels({ grid: image.grid, labels }, grid, IDENTITY_AFFINE)
  const count = mask.reduce((sum, inside) => sum + inside, 0)
  return { mask, volumeMl: count * voxelVolumeMl(grid), wasStripped: true }
}
