import { transformPoint } from '../../geometry/index.ts'
import { voxelAt } from '../../geometry/index.ts'
import { percentileOfSorted } from '../../metrics/index.ts'
import type { FloatVolume } from '../registration/shrinkVolume.ts'

/** What the surface needs to know of an image before it starts. */
export interface BrainIntensities {
  /** Robust minimum and maximum: 2nd and 98th percentile. */
  readonly t2: number
  readonly t98: number
  /** A tenth of the way from the one to the other: air is below. */
  readonly t: number
  /** Median inside the first sphere. */
  readonly tMedian: number
  readonly centreMm: readonly [number, number, number]
  readonly radiusMm: number
}

/** Largest depth of head below its top that the centre is estimated from: a neck would pull it down. */
const HEAD_HEIGHT_MM = 150

/**
 * Estimates brightness, middle and size of the head (Smith 2002). Unlike there, only the uppermost 150 mm of the head
 * count, so that images that include the neck start in the brain too.
 *
 * @param volume in RAS axis order
 */
export function brainIntensities(volume: FloatVolume): BrainIntensities {
  const { grid, voxels } = volume
  const sorted = Float64Array.from(voxels).sort()
  const t2 = percentileOfSorted(sorted, 2)
  const t98 = percentileOfSorted(sorted, 98)
  const t = t2 + 0.1 * (t98 - t2)
  const [nx, ny, nz] = grid.dims
  const perSlice = nx * ny
  const lowest = lowestSlice(voxels, grid.dims, t, HEAD_HEIGHT_MM / grid.spacingMm[2])
  let x = 0
  let y = 0
  let z = 0
  let weight = 0
  let count = 0
  for (let n = lowest * perSlice; n < voxels.length; n++) {
    if (voxels[n] <= t) continue
    const value = Math.min(voxels[n], t98) - t2
    const [i, j, k] = voxelAt(grid.dims, n)
    x += value * i
    y += value * j
    z += value * k
    weight += value
    count++
  }
  const centreMm = transformPoint(
    grid.indexToWorld,
    weight > 0 ? [x / weight, y / weight, z / weight] : [nx / 2, ny / 2, nz / 2],
  )
  const voxelMm3 = grid.spacingMm[0] * grid.spacingMm[1] * grid.spacingMm[2]
  const radiusMm = Math.cbrt((3 * count * voxelMm3) / (4 * Math.PI))
  const inside: number[] = []
  for (let n = 0; n < voxels.length; n++) {
    if (voxels[n] <= t2 || voxels[n] >= t98) continue
    const p = transformPoint(grid.indexToWorld, voxelAt(grid.dims, n))
    const d = Math.hypot(p[0] - centreMm[0], p[1] - centreMm[1], p[2] - centreMm[2])
    if (d < 0.7 * radiusMm) inside.push(voxels[n])
  }
  const tMedian = inside.length > 0 ? percentileOfSorted(Float64Array.from(inside).sort(), 50) : t98
  return { t2, t98, t, tMedian, centreMm, radiusMm }
}

/** The slice below which nothing is counted: a given number of slices under the top of the head. */
function lowestSlice(
  voxels: Float32Array,
  [nx, ny, nz]: readonly [number, number, number],
  threshold: number,
  slices: number,
): number {
  const perSlice = nx * ny
  for (let k = nz - 1; k >= 0; k--) {
    let bright = 0
    for (let n = k * perSlice; n < (k + 1) * perSlice; n++) if (voxels[n] > threshold) bright++
    if (bright > 0.02 * perSlice) return Math.max(0, Math.round(k - slices))
  }
  return 0
}
