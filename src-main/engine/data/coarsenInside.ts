import type { Triple } from './preparedCase.ts'
import { resample } from './resample.ts'

/**
 * A normalised channel as a scanner with larger voxels would show it: every coarse voxel takes the nearest fine one (so
 * detail is lost, not averaged, as in nnU-Net), then linear interpolation back. Outside of the brain stays 0.
 *
 * @param channel x fastest; not changed
 * @param zoom coarse voxels for a fine one along each axis, above 0 and at most 1
 */
export function coarsenInside(channel: Float32Array, size: Triple, zoom: number): Float32Array {
  const coarse = size.map((n) => Math.max(1, Math.round(n * zoom))) as unknown as Triple
  const nearest = (axis: number, index: number): number =>
    Math.min(size[axis] - 1, Math.floor(((index + 0.5) * size[axis]) / coarse[axis]))
  const values = new Float32Array(coarse[0] * coarse[1] * coarse[2])
  for (let k = 0, voxel = 0; k < coarse[2]; k++) {
    const plane = size[0] * size[1] * nearest(2, k)
    for (let j = 0; j < coarse[1]; j++) {
      const row = plane + size[0] * nearest(1, j)
      for (let i = 0; i < coarse[0]; i++, voxel++) values[voxel] = channel[row + nearest(0, i)]
    }
  }
  return resample(values, coarse, size).map((value, i) => (channel[i] === 0 ? 0 : value))
}
