import type { VolumeGrid } from '../../../contract/volume.ts'
import { invertAffine, swapRasLps, transformPoint } from '../../geometry/index.ts'
import type { ImagePlanes } from '../write/imagePlanes.ts'
import type { PlanePlace } from './segmentationObject.ts'

/** How the pixels of a frame lie in the voxels of a grid: pixel (column, row) is voxel `start + column·across + row·down`. */
export interface FramePlacement {
  readonly start: readonly number[]
  readonly across: readonly number[]
  readonly down: readonly number[]
  /** Largest distance between a pixel and its voxel. */
  readonly offMm: number
}

/** Positions of one slice, written by two programs, differ by less. */
const SAME_PLACE_MM = 1e-3
const SAME_COSINE = 1e-4

/**
 * Finds the slice of a series that a frame was drawn on: the same pixels at the same place. Slices that are not quite
 * evenly spaced are met exactly so, which the even grid of their volume cannot do.
 *
 * @returns null where no slice is the frame's
 */
export function placeOnSlices(
  place: PlanePlace,
  size: { readonly rows: number; readonly columns: number },
  planes: ImagePlanes,
): FramePlacement | null {
  const isSame =
    size.rows === planes.rows &&
    size.columns === planes.columns &&
    place.orientation.every((part, n) => Math.abs(part - planes.orientation[n]) < SAME_COSINE) &&
    place.pixelSpacingMm.every((mm, n) => Math.abs(mm / planes.pixelSpacingMm[n] - 1) < SAME_COSINE)
  if (!isSame) return null
  for (const [k, { positionMm }] of planes.slices.entries()) {
    const offMm = Math.hypot(...positionMm.map((part, axis) => part - place.positionMm[axis]))
    if (offMm < SAME_PLACE_MM)
      return { start: [0, 0, k], across: [1, 0, 0], down: [0, 1, 0], offMm }
  }
  return null
}

/** Share of a voxel that a pixel may lie off its voxel: headers round positions and cosines. */
const TOLERANCE = 0.05

/**
 * Finds the voxels of a grid that the pixels of a frame coincide with. Frames may be stacked along any axis of the grid
 * and run in any direction along it; nothing is ever resampled.
 *
 * @returns null where pixels and voxels are not the same points
 */
export function placeFrame(
  place: PlanePlace,
  size: { readonly rows: number; readonly columns: number },
  grid: VolumeGrid,
): FramePlacement | null {
  const { positionMm, orientation, pixelSpacingMm } = place
  const worldToIndex = invertAffine(swapRasLps(grid.indexToWorld))
  const indexOf = (column: number, row: number): number[] =>
    transformPoint(
      worldToIndex,
      pointOf(
        [0, 1, 2].map(
          (axis) =>
            positionMm[axis] +
            column * pixelSpacingMm[1] * orientation[axis] +
            row * pixelSpacingMm[0] * orientation[3 + axis],
        ),
      ),
    )
  const first = indexOf(0, 0)
  const start = first.map(Math.round)
  const across = axisStep(first, indexOf(1, 0))
  const down = axisStep(first, indexOf(0, 1))
  if (!across || !down || across.some((step, axis) => step !== 0 && down[axis] !== 0)) return null
  const voxelOf = (column: number, row: number): number[] =>
    start.map((from, axis) => from + column * across[axis] + row * down[axis])
  let offMm = 0
  // The distance is convex in the pixel, so the four corners decide.
  for (const column of [0, size.columns - 1]) {
    for (const row of [0, size.rows - 1]) {
      const voxel = voxelOf(column, row)
      const off = indexOf(column, row).map((index, axis) => index - voxel[axis])
      if (!off.every((part) => Math.abs(part) <= TOLERANCE)) return null
      offMm = Math.max(offMm, Math.hypot(...off.map((part, axis) => part * grid.spacingMm[axis])))
    }
  }
  return { start, across, down, offMm }
}

const pointOf = (values: readonly number[]): [number, number, number] => [
  values[0],
  values[1],
  values[2],
]

/** One voxel along one axis of the grid; null where a pixel is another step. */
function axisStep(from: readonly number[], to: readonly number[]): number[] | null {
  const step = to.map((index, axis) => Math.round(index - from[axis]) || 0)
  const lengths = step.map(Math.abs)
  return lengths.reduce((sum, length) => sum + length, 0) === 1 ? step : null
}
