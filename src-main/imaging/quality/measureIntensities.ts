import type { ImageMeasure } from '../../contract/index.ts'
import type { Voxels } from '../volume/index.ts'
import { quantiles } from './quantiles.ts'

/** From this share of zeros on, zero is a background that somebody set: the skull was taken off, or the air masked. */
const STRIPPED_SHARE = 0.2
/** Quartiles of a regular sample of this many voxels differ from exact ones by less than a thousandth of the spread. */
const MAX_SAMPLES = 200_000

/** True where 0 is a background that was set and not measured. */
export const isStripped = ({ zeroShare }: ImageMeasure): boolean => zeroShare >= STRIPPED_SHARE

/**
 * Quartiles of an image's foreground: the voxels that are not 0 where at least a fifth is 0, else those above the mean
 * (air is darker than tissue in every sequence). From a regular sample where the image is large.
 *
 * @returns all 0 for an empty or an all-zero image; q25 = q75 for a constant one
 */
export function measureIntensities(voxels: Voxels): ImageMeasure {
  let zeros = 0
  let sum = 0
  for (let i = 0; i < voxels.length; i++) {
    if (voxels[i] === 0) zeros++
    sum += voxels[i]
  }
  const zeroShare = voxels.length === 0 ? 0 : zeros / voxels.length
  const stripped = zeroShare >= STRIPPED_SHARE
  const mean = sum / Math.max(1, voxels.length)
  const belongs = (value: number): boolean => (stripped ? value !== 0 : value >= mean)
  let count = 0
  for (let i = 0; i < voxels.length; i++) if (belongs(voxels[i])) count++
  const step = Math.max(1, Math.ceil(count / MAX_SAMPLES))
  const sample = new Float64Array(Math.ceil(count / step))
  let seen = 0
  for (let i = 0; i < voxels.length; i++) {
    if (!belongs(voxels[i])) continue
    if (seen % step === 0) sample[seen / step] = voxels[i]
    seen++
  }
  const [q25, median, q75] = quantiles(sample, [0.25, 0.5, 0.75])
  return { q25, median, q75, zeroShare }
}
