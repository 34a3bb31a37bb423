import type { VolumeGrid } from '../../contract/volume.ts'
import { boxSize, expandBox, mapAxes, type Box } from '../mask/index.ts'
import type { Intensities } from './regionGrowing.ts'
import { gradientMagnitude, watershed } from './watershed.ts'

/** Marks what is certainly another tissue. */
const OUTSIDE = 1
const INSIDE = 2

/** Part of the brush's radius that is certainly meant. */
const CORE = 1 / 3

/** Standard deviations from the core's mean from which on a voxel of the rim is another tissue. */
const OTHER_TISSUE = 4

/**
 * What a brush of the given radius means at a place: the part of the ball that belongs to the tissue at its centre. The
 * inner third is certain; what lies around the ball and looks different is certainly not meant; a watershed on the
 * gradient puts the border between them on the edge. Where nothing around looks different, the whole ball is meant.
 *
 * @param centre in voxels, may lie between them
 * @returns flat indices in ascending order; empty where the ball lies outside of the image
 */
export function watershedBrush(
  image: Intensities,
  grid: VolumeGrid,
  centre: readonly [number, number, number],
  radiusMm: number,
): Uint32Array {
  const reach = mapAxes((axis) => radiusMm / grid.spacingMm[axis])
  const low = mapAxes((axis) => Math.max(0, Math.ceil(centre[axis] - reach[axis])))
  const high = mapAxes((axis) =>
    Math.min(grid.dims[axis] - 1, Math.floor(centre[axis] + reach[axis])),
  )
  if (low.some((value, axis) => value > high[axis])) return new Uint32Array(0)
  // One voxel more on each side holds the rim, and the gradient of the outermost voxels of the ball.
  const box = expandBox({ low, high }, [1, 1, 1], grid.dims)
  const dims = boxSize(box)
  const local = { ...grid, dims: [...dims] as [number, number, number] }
  const patch = new Float64Array(dims[0] * dims[1] * dims[2])
  const distancesMm = new Float64Array(patch.length)
  forEachVoxel(box, (x, y, z, at) => {
    patch[at] = image[x + grid.dims[0] * (y + grid.dims[1] * z)]
    distancesMm[at] = Math.hypot(
      ...[x, y, z].map((index, axis) => (index - centre[axis]) * grid.spacingMm[axis]),
    )
  })
  const markers = markersOf(patch, distancesMm, radiusMm)
  const within = Uint8Array.from(distancesMm, (distance, at) =>
    distance <= radiusMm || markers[at] === OUTSIDE ? 1 : 0,
  )
  const flooded = watershed(gradientMagnitude(patch, local), markers, local, within)
  const painted: number[] = []
  forEachVoxel(box, (x, y, z, at) => {
    if (flooded[at] === INSIDE && distancesMm[at] <= radiusMm) {
      painted.push(x + grid.dims[0] * (y + grid.dims[1] * z))
    }
  })
  return Uint32Array.from(painted)
}

function markersOf(patch: Float64Array, distancesMm: Float64Array, radiusMm: number): Uint8Array {
  // A brush finer than the voxels still has the voxel next to its centre for a core.
  const nearest = distancesMm.reduce((least, distance) => Math.min(least, distance), Infinity)
  const core = Math.max(CORE * radiusMm, nearest)
  const values = patch.filter((_, at) => distancesMm[at] <= core)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  const range = patch.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0)
  const different = Math.max(OTHER_TISSUE * Math.sqrt(variance), range / 4)
  return Uint8Array.from(patch, (value, at) => {
    if (distancesMm[at] <= core) return INSIDE
    return distancesMm[at] > radiusMm && Math.abs(value - mean) > different ? OUTSIDE : 0
  })
}

function forEachVoxel(
  box: Box,
  visit: (x: number, y: number, z: number, at: number) => void,
): void {
  let at = 0
  for (let z = box.low[2]; z <= box.high[2]; z++) {
    for (let y = box.low[1]; y <= box.high[1]; y++) {
      for (let x = box.low[0]; x <= box.high[0]; x++) visit(x, y, z, at++)
    }
  }
}
