import type { VolumeGrid } from '../../contract/volume.ts'
import { indexToWorld } from './grid.ts'
import { orientationCode } from './orientation.ts'

/** Two grids count as one where no voxel centre lies further apart than this. */
export const GRID_TOLERANCE_MM = 1e-3

/**
 * Furthest distance in mm between the same voxel of two grids with equal dims. The distance is convex in the
 * index, so the eight corners decide.
 */
export function maxCornerDistanceMm(first: VolumeGrid, second: VolumeGrid): number {
  let furthest = 0
  for (let corner = 0; corner < 8; corner++) {
    const index = first.dims.map((dim, axis) => ((corner >> axis) & 1) * (dim - 1))
    const [i, j, k] = index
    const a = indexToWorld(first, [i, j, k])
    const b = indexToWorld(second, [i, j, k])
    const distance = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
    if (!(distance <= furthest)) furthest = distance
  }
  return furthest
}

/** True where both grids have the same dims and every voxel lies within 0.001 mm of its counterpart. */
export function sameGrid(first: VolumeGrid, second: VolumeGrid): boolean {
  return explainGridDifference(first, second) === null
}

/**
 * Says in one sentence why two grids are not the same, or null where they are (within 0.001 mm).
 *
 * @param names what the reader calls the two images, e.g. ["FLAIR", "T1"]
 */
export function explainGridDifference(
  first: VolumeGrid,
  second: VolumeGrid,
  names: readonly [string, string] = ['the first image', 'the second image'],
): string | null {
  const [a, b] = names
  const differs = (what: string, left: string, right: string): string =>
    `${capitalise(a)} and ${b} do not lie on the same grid: ${what} ${left} against ${right}.`

  if (first.dims.some((dim, axis) => dim !== second.dims[axis])) {
    return differs('size in voxels', first.dims.join(' × '), second.dims.join(' × '))
  }
  const furthest = maxCornerDistanceMm(first, second)
  if (furthest <= GRID_TOLERANCE_MM) return null

  const orientations = [orientationCode(first.indexToWorld), orientationCode(second.indexToWorld)]
  if (orientations[0] !== orientations[1]) {
    return differs('the axes are stored as', orientations[0], orientations[1])
  }
  const spacingDiffers = first.spacingMm.some(
    (spacing, axis) =>
      Math.abs(spacing - second.spacingMm[axis]) * first.dims[axis] > GRID_TOLERANCE_MM,
  )
  if (spacingDiffers) {
    return differs('voxel size', formatMm(first.spacingMm), formatMm(second.spacingMm))
  }
  return (
    `${capitalise(a)} and ${b} have the same size and spacing, but lie in different places: ` +
    `the same voxel is up to ${formatNumber(furthest)} mm apart.`
  )
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const formatNumber = (value: number): string => String(Number(value.toPrecision(7)))
const formatMm = (spacing: readonly number[]): string =>
  `${spacing.map(formatNumber).join(' × ')} mm`
