import { axisOrientation } from '../geometry/index.ts'
import { shrinkVolume } from '../preparation/index.ts'
import type { Volume } from '../volume/index.ts'

/** Coarse enough to be fast and blind to small errors of registration, fine enough for sulci and ventricles. */
const COARSE_MM = 3
const BINS = 24
/** A mirrored file need not be mirrored about the middle of the head: neighbours are tried, in coarse voxels. */
const MAX_SHIFT = 4
/** Fewer common voxels tell nothing. */
const LEAST_VOXELS = 500

/** An image made small, as bins of its foreground; 0 is background. */
export interface CoarseImage {
  readonly dims: readonly [number, number, number]
  /** The index axis that runs between left and right. */
  readonly sideAxis: number
  readonly bins: Uint8Array
}

/** Averages an image to about 3 mm and sorts its foreground into 24 bins of equal width. */
export function coarsen(volume: Volume): CoarseImage {
  const { grid, voxels } = shrinkVolume(volume, COARSE_MM)
  let low = Infinity
  let high = -Infinity
  let mean = 0
  for (const value of voxels) {
    low = Math.min(low, value)
    high = Math.max(high, value)
    mean += value / voxels.length
  }
  const from = Math.max(low, Math.min(mean, high))
  const scale = high > from ? BINS / (high - from) : 0
  const bins = Uint8Array.from(voxels, (value) =>
    value > from ? 1 + Math.min(BINS - 1, Math.floor((value - from) * scale)) : 0,
  )
  const sideAxis = axisOrientation(grid.indexToWorld).worldAxis.indexOf(0)
  return { dims: grid.dims, sideAxis, bins }
}

/**
 * Normalised mutual information (Studholme et al. 1999) of two images of one case inside what both show, as they are and
 * with the second mirrored between left and right, each at the best of a few shifts along that axis. A brain is
 * symmetric only in the large: sulci, vessels and a tumour fit better the right way round.
 *
 * @returns null where the grids differ or too little is shown by both
 */
export function mirrorFit(
  first: CoarseImage,
  second: CoarseImage,
): { straight: number; mirrored: number } | null {
  if (first.dims.some((length, axis) => length !== second.dims[axis])) return null
  let straight = 0
  let mirrored = 0
  for (let shift = -MAX_SHIFT; shift <= MAX_SHIFT; shift++) {
    straight = Math.max(straight, informationOf(first, second, false, shift))
    mirrored = Math.max(mirrored, informationOf(first, second, true, shift))
  }
  return straight === 0 || mirrored === 0 ? null : { straight, mirrored }
}

/** 0 where too few voxels are foreground in both. */
function informationOf(
  first: CoarseImage,
  second: CoarseImage,
  isMirrored: boolean,
  shift: number,
): number {
  const { dims, sideAxis } = first
  const stride = [1, dims[0], dims[0] * dims[1]][sideAxis]
  const length = dims[sideAxis]
  const joint = new Float64Array((BINS + 1) * (BINS + 1))
  let total = 0
  for (let n = 0; n < first.bins.length; n++) {
    if (first.bins[n] === 0) continue
    const at = Math.floor(n / stride) % length
    const other = (isMirrored ? length - 1 - at : at) + shift
    if (other < 0 || other >= length) continue
    const bin = second.bins[n + (other - at) * stride]
    if (bin === 0) continue
    joint[first.bins[n] * (BINS + 1) + bin]++
    total++
  }
  if (total < LEAST_VOXELS) return 0
  const rows = new Float64Array(BINS + 1)
  const columns = new Float64Array(BINS + 1)
  for (let a = 0; a <= BINS; a++) {
    for (let b = 0; b <= BINS; b++) {
      rows[a] += joint[a * (BINS + 1) + b]
      columns[b] += joint[a * (BINS + 1) + b]
    }
  }
  const together = entropyOf(joint, total)
  return together > 0 ? (entropyOf(rows, total) + entropyOf(columns, total)) / together : 0
}

function entropyOf(counts: Float64Array, total: number): number {
  let sum = 0
  for (const count of counts) if (count > 0) sum -= (count / total) * Math.log(count / total)
  return sum
}
