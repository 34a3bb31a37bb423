import type { NetworkConfig } from '../../contract/index.ts'
import type { Triple } from '../data/index.ts'

/** nnU-Net: an axis is halved as long as its coarsest level keeps at least this many voxels. */
const COARSEST_EDGE = 4
/** nnU-Net pools five times at most; six levels. */
const MOST_LEVELS = 6
/** nnU-Net's cap of feature channels in three dimensions. */
const MOST_CHANNELS = 320
/** nnU-Net starts from a patch of 256³ voxels, clipped to the median case, and shrinks it until it fits. */
const LARGEST_EDGE = 256

export type SizedNetwork = Pick<NetworkConfig, 'channels'>

export interface FittedPatch {
  readonly patchSize: [number, number, number]
  readonly channels: number[]
  /** The patch sees all of the median case. */
  readonly isWhole: boolean
}

/** Resolution levels of a U-Net on a patch, at least 2. */
export function levelsFor(patchSize: Triple): number {
  const halvings = Math.floor(Math.log2(Math.min(...patchSize) / COARSEST_EDGE))
  return Math.min(MOST_LEVELS, Math.max(2, halvings + 1))
}

/** Channels double from level to level up to nnU-Net's cap. */
export const doublingChannels = (base: number, levels: number): number[] =>
  Array.from({ length: levels }, (_, level) => Math.min(MOST_CHANNELS, base * 2 ** level))

/**
 * The largest patch in the shape of the median case that fits, as nnU-Net finds it: beginning with the whole case, the
 * axis of which the patch sees most is shortened by one step of the network's divisor until `fits` agrees. The number of
 * levels follows the patch on its way down.
 *
 * @param shape median case on the working grid, voxels along x, y, z
 * @param base channels of the finest level, or all of them where they are given
 * @returns null where not even the smallest patch fits
 */
export function fitPatch(
  shape: Triple,
  base: number | readonly number[],
  fits: (patchSize: [number, number, number], channels: number[]) => boolean,
): FittedPatch | null {
  const channelsFor = (patchSize: Triple): number[] =>
    typeof base === 'number' ? doublingChannels(base, levelsFor(patchSize)) : [...base]
  const rounded = (size: Triple): [number, number, number] => {
    const divisor = 2 ** (channelsFor(size).length - 1)
    const up = (n: number): number => Math.max(2 * divisor, Math.ceil(n / divisor) * divisor)
    return [up(size[0]), up(size[1]), up(size[2])]
  }
  let patch = rounded([
    Math.min(LARGEST_EDGE, shape[0]),
    Math.min(LARGEST_EDGE, shape[1]),
    Math.min(LARGEST_EDGE, shape[2]),
  ])
  for (;;) {
    const channels = channelsFor(patch)
    const divisor = 2 ** (channels.length - 1)
    if (patch.every((n) => n % divisor === 0) && fits(patch, channels)) {
      return { patchSize: patch, channels, isWhole: patch.every((n, axis) => n >= shape[axis]) }
    }
    const next = shortened(patch, shape, divisor)
    if (!next) return null
    patch = next
  }
}

/** One step down along the axis of which the patch sees most; null at the smallest. */
function shortened(
  patch: readonly [number, number, number],
  shape: Triple,
  divisor: number,
): [number, number, number] | null {
  const smallest = 2 * COARSEST_EDGE
  const order = [0, 1, 2]
    .filter((axis) => patch[axis] > smallest)
    .sort((a, b) => patch[b] / shape[b] - patch[a] / shape[a])
  if (order.length === 0) return null
  const [axis] = order
  const step = patch[axis] % divisor === 0 ? divisor : patch[axis] % divisor
  const next: [number, number, number] = [...patch]
  next[axis] = Math.max(smallest, patch[axis] - step)
  return next
}
