import type { VolumeGrid } from '../../../contract/volume.ts'
import { createGrid, swapRasLps } from '../../geometry/index.ts'
import { dicomProblem } from '../read/dicomProblem.ts'
import type { PlanePlace, SegmentationObject } from './segmentationObject.ts'

/** More voxels than any scanner makes; a header that claims more is damaged. */
const MAX_VOXELS = 1024 ** 3
/** Frames whose places along the normal differ by less share one slice. */
const SAME_PLACE_MM = 1e-3
/** As for images: headers round positions. */
const UNEVEN_SHARE = 0.1

/**
 * The grid that the frames of a segmentation span: from its first to its last frame along the normal, slices without a
 * frame included.
 *
 * @throws GliadeskError BAD_FILE where the frames lie on no common grid
 */
export function segmentationGrid(object: SegmentationObject): VolumeGrid {
  const places = placesOf(object)
  const refuse = (problem: string): never => {
    throw dicomProblem(
      object.name,
      problem,
      'Export the segmentation on the grid of its source images, without resampling or tiles.',
    )
  }
  const [{ orientation, pixelSpacingMm }] = places
  if (places.some((place) => differs(place, orientation, pixelSpacingMm))) {
    refuse('its frames have different directions or pixel sizes.')
  }
  const [a, b, c, d, e, f] = orientation
  const normal = [b * f - c * e, c * d - a * f, a * e - b * d]
  const length = Math.hypot(...normal)
  if (!(Math.abs(length - 1) < 1e-2)) refuse('its Image Orientation (Patient) is no pair of axes.')
  const along = places
    .map(({ positionMm }) => ({
      positionMm,
      mm: positionMm.reduce((sum, part, axis) => sum + (part * normal[axis]) / length, 0),
    }))
    .sort((left, right) => left.mm - right.mm)
  const slices = along.filter(({ mm }, n) => n === 0 || mm - along[n - 1].mm > SAME_PLACE_MM)
  const [first] = slices
  const last = slices[slices.length - 1]
  const steps = slices.slice(1).map(({ mm }, index) => mm - slices[index].mm)
  const spacing = object.sliceSpacingMm ?? (steps.length > 0 ? Math.min(...steps) : null)
  const thickness = spacing ?? object.sliceThicknessMm ?? 1
  const count = Math.round((last.mm - first.mm) / thickness)
  if (!(object.columns * object.rows * (count + 1) <= MAX_VOXELS)) {
    refuse(`its frames span ${count + 1} slices, which no scanner makes.`)
  }
  const step =
    count === 0
      ? normal.map((part) => (part * thickness) / length)
      : last.positionMm.map((part, axis) => (part - first.positionMm[axis]) / count)
  for (const { positionMm, mm } of slices) {
    const k = Math.round((mm - first.mm) / thickness)
    const off = positionMm.map((part, axis) => part - first.positionMm[axis] - k * step[axis])
    if (Math.hypot(...off) > UNEVEN_SHARE * thickness) {
      refuse(`its frames are unevenly spaced: one lies ${mm.toFixed(2)} mm along the normal.`)
    }
  }
  const lps = [0, 1, 2].flatMap((axis) => [
    orientation[axis] * pixelSpacingMm[1],
    orientation[3 + axis] * pixelSpacingMm[0],
    step[axis],
    first.positionMm[axis],
  ])
  return createGrid([object.columns, object.rows, count + 1], swapRasLps([...lps, 0, 0, 0, 1]))
}

function differs(
  place: PlanePlace,
  orientation: readonly number[],
  pixelSpacingMm: readonly number[],
): boolean {
  return (
    place.orientation.some((cosine, index) => Math.abs(cosine - orientation[index]) > 1e-4) ||
    place.pixelSpacingMm.some((mm, index) => Math.abs(mm / pixelSpacingMm[index] - 1) > 1e-4)
  )
}

/**
 * The place of every frame.
 *
 * @throws GliadeskError BAD_FILE where a frame lies on a slide instead of in a patient, or there is none
 */
export function placesOf(object: SegmentationObject): PlanePlace[] {
  const places = object.frames.flatMap(({ place }) => place ?? [])
  if (places.length < object.frames.length || places.length === 0) {
    throw dicomProblem(
      object.name,
      'it was drawn on a microscope slide, not on images of a patient.',
      'Choose a segmentation of a scan.',
    )
  }
  return places
}
