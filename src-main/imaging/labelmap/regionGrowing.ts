import type { VolumeGrid } from '../../contract/volume.ts'
import { componentAt } from './componentAt.ts'
import type { Connectivity } from './connectedComponents.ts'

/** Intensities of an image, x fastest. */
export type Intensities = ArrayLike<number>

/** Bounds of an intensity, inclusive, in the image's units. */
export interface IntensityBounds {
  readonly low: number
  readonly high: number
}

/**
 * The voxels that can be reached from a seed without leaving an intensity range (ITK's connected threshold).
 *
 * @param seeds flat indices; one that lies outside of the range grows nothing
 * @returns a new mask of zeros and ones; empty without a seed in range
 * @throws RangeError where a seed lies outside of the image
 */
export function growRegion(
  image: Intensities,
  grid: Pick<VolumeGrid, 'dims'>,
  seeds: readonly number[],
  { low, high }: IntensityBounds,
  connectivity: Connectivity = 6,
): Uint8Array {
  requireInside(seeds, image.length)
  const inRange = new Uint8Array(image.length)
  for (let i = 0; i < inRange.length; i++) inRange[i] = image[i] >= low && image[i] <= high ? 1 : 0
  const region = new Uint8Array(image.length)
  for (const seed of seeds) {
    if (region[seed] !== 0) continue
    for (const voxel of componentAt(inRange, grid.dims, seed, connectivity)) region[voxel] = 1
  }
  return region
}

export interface ConfidenceOptions {
  /** Half edge in voxels of the box around each seed that the first range is taken from. */
  readonly radius: number
  /** Standard deviations to each side of the mean. */
  readonly multiplier: number
  /** Times the range is taken again from the region found; 0 stays with the seeds' surroundings. */
  readonly iterations: number
}

/**
 * Grows a region whose intensity range is found from the image itself: mean ± multiplier × standard deviation of the
 * seeds' surroundings first, then of the region found so far (ITK's confidence connected filter). Seeds always belong
 * to the range.
 *
 * @returns the region, a new mask of zeros and ones, and the last range; an empty region without seeds
 * @throws RangeError where a seed lies outside of the image
 */
export function growConfidentRegion(
  image: Intensities,
  grid: Pick<VolumeGrid, 'dims'>,
  seeds: readonly number[],
  options: ConfidenceOptions,
  connectivity: Connectivity = 6,
): { region: Uint8Array; bounds: IntensityBounds } {
  requireInside(seeds, image.length)
  if (seeds.length === 0) {
    return { region: new Uint8Array(image.length), bounds: { low: NaN, high: NaN } }
  }
  const seedValues = seeds.map((seed) => image[seed])
  const boundsOf = (member: Uint8Array): IntensityBounds => {
    const { mean, deviation } = momentsOf(image, member)
    return {
      low: Math.min(mean - options.multiplier * deviation, ...seedValues),
      high: Math.max(mean + options.multiplier * deviation, ...seedValues),
    }
  }
  let bounds = boundsOf(surroundings(image.length, grid.dims, seeds, options.radius))
  let region = growRegion(image, grid, seeds, bounds, connectivity)
  for (let round = 0; round < options.iterations; round++) {
    bounds = boundsOf(region)
    region = growRegion(image, grid, seeds, bounds, connectivity)
  }
  return { region, bounds }
}

/** Mean and standard deviation (n − 1) of an image within a mask that is not empty. */
function momentsOf(image: Intensities, member: Uint8Array): { mean: number; deviation: number } {
  let count = 0
  let sum = 0
  for (let i = 0; i < member.length; i++) {
    if (member[i] === 0) continue
    count++
    sum += image[i]
  }
  const mean = sum / count
  let squares = 0
  for (let i = 0; i < member.length; i++) {
    if (member[i] !== 0) squares += (image[i] - mean) ** 2
  }
  return { mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0 }
}

function surroundings(
  length: number,
  dims: readonly [number, number, number],
  seeds: readonly number[],
  radius: number,
): Uint8Array {
  const member = new Uint8Array(length)
  for (const seed of seeds) {
    const centre = [
      seed % dims[0],
      Math.floor(seed / dims[0]) % dims[1],
      Math.floor(seed / (dims[0] * dims[1])),
    ]
    const low = centre.map((at) => Math.max(0, at - radius))
    const high = centre.map((at, axis) => Math.min(dims[axis] - 1, at + radius))
    for (let z = low[2]; z <= high[2]; z++) {
      for (let y = low[1]; y <= high[1]; y++) {
        const row = dims[0] * (y + dims[1] * z)
        member.fill(1, row + low[0], row + high[0] + 1)
      }
    }
  }
  return member
}

function requireInside(seeds: readonly number[], length: number): void {
  for (const seed of seeds) {
    if (!(seed >= 0 && seed < length))
      throw new RangeError(`Seed ${seed} lies outside of the image`)
  }
}
