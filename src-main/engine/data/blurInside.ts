import { gaussianBlur } from '../../imaging/mask/index.ts'
import type { Triple } from './preparedCase.ts'

/**
 * Blurs a normalised channel by a Gaussian inside of the brain: every voxel becomes the weighted mean of the brain's
 * voxels around it (normalised convolution), so that the rim is not drawn towards the 0 outside, which stays 0.
 *
 * @param channel x fastest; not changed
 * @param sigmaVoxels standard deviation in voxels
 */
export function blurInside(channel: Float32Array, size: Triple, sigmaVoxels: number): Float32Array {
  const sigma: Triple = [sigmaVoxels, sigmaVoxels, sigmaVoxels]
  const values = channel.slice()
  const mass = channel.map((value) => (value === 0 ? 0 : 1))
  gaussianBlur(values, size, sigma)
  gaussianBlur(mass, size, sigma)
  return values.map((value, i) => (channel[i] === 0 ? 0 : value / mass[i]))
}
