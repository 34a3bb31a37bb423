import type { VoxelType } from '../../contract/volume.ts'
import type { Voxels } from '../volume/index.ts'

/** Below this range whole numbers would be too coarse. */
const LEAST_RANGE = 200
const LARGEST_INT16 = 32767

/**
 * How a resampled image is stored: rounded to int16 where its source held whole numbers with a range to speak of, as
 * scanners write them, else as float32.
 */
export function storeVoxels(
  values: Float32Array,
  sourceType: VoxelType,
): { readonly voxels: Voxels; readonly voxelType: VoxelType } {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  const fits = low >= -LARGEST_INT16 && high <= LARGEST_INT16 && high - low >= LEAST_RANGE
  if (sourceType === 'float32' || !fits) return { voxels: values, voxelType: 'float32' }
  const voxels = new Int16Array(values.length)
  for (let i = 0; i < values.length; i++) voxels[i] = Math.round(values[i])
  return { voxels, voxelType: 'int16' }
}
