import { transformPoint } from '../../geometry/index.ts'
import { robustRange } from './otsuThreshold.ts'
import type { FloatVolume } from './shrinkVolume.ts'
import { linearAt } from './linearAt.ts'

/** Where an image is looked at, and what it says there. */
export interface SamplePoints {
  readonly count: number
  /** x, y, z in mm, three a point. */
  readonly positions: Float64Array
  /** Value as a fractional bin, 0…bins − 1. */
  readonly bins: Float32Array
}

/** Fractional parts of multiples of these fill a cube evenly (the R3 sequence of M. Roberts, 2018). */
const PLASTIC = 1.2207440846057594759
const STEP = [1 / PLASTIC, 1 / PLASTIC ** 2, 1 / PLASTIC ** 3] as const
const fraction = (value: number): number => value - Math.floor(value)

/**
 * Points spread evenly over a mask, moved off the voxel centres: where points of both images fell on voxel centres at
 * once, interpolation would blur one pose less than its neighbours and draw the optimum there (Pluim, Maintz & Viergever
 * 2000, doi 10.1006/cviu.1999.0816). Along thick slices they stay on the slices, where the image is known.
 *
 * @param most about how many points at most
 */
export function samplePoints(
  volume: FloatVolume,
  mask: Uint8Array,
  binCount: number,
  most: number,
): SamplePoints {
  const { grid, voxels } = volume
  const [nx, ny] = grid.dims
  let inside = 0
  for (let i = 0; i < mask.length; i++) inside += mask[i]
  const stride = Math.max(1, inside / most)
  const finest = Math.min(...grid.spacingMm)
  const jitter = grid.spacingMm.map((spacing) => (spacing < 2 * finest ? 1 : 0))
  const positions = new Float64Array(3 * Math.ceil(inside / stride + 1))
  const values = new Float32Array(positions.length / 3)
  let count = 0
  let seen = 0
  let next = 0
  for (let n = 0; n < mask.length; n++) {
    if (mask[n] === 0) continue
    if (seen++ < next) continue
    next += stride
    const at = (axis: number, index: number): number => {
      const moved = index + jitter[axis] * (fraction(count * STEP[axis]) - 0.5)
      return Math.max(0, Math.min(grid.dims[axis] - 1, moved))
    }
    const i = at(0, n % nx)
    const j = at(1, Math.floor(n / nx) % ny)
    const k = at(2, Math.floor(n / (nx * ny)))
    values[count] = linearAt(voxels, grid.dims, i, j, k)
    positions.set(transformPoint(grid.indexToWorld, [i, j, k]), 3 * count)
    count++
  }
  return {
    count,
    positions: positions.subarray(0, 3 * count),
    bins: toBins(values.subarray(0, count), binCount),
  }
}

/** Scales values to bins from the minimum to a high percentile; what lies beyond counts as the last bin. */
export function toBins(values: Float32Array, binCount: number): Float32Array {
  const [low, high] = robustRange(values)
  const scale = high > low ? (binCount - 1) / (high - low) : 0
  return values.map((value) => Math.max(0, Math.min(binCount - 1, (value - low) * scale)))
}
