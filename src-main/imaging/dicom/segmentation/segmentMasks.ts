import type { VolumeGrid } from '../../../contract/volume.ts'
import { affineDeterminant } from '../../geometry/index.ts'
import { voxelCount } from '../../volume/index.ts'
import type { ImagePlanes } from '../write/imagePlanes.ts'
import { dicomProblem } from '../read/dicomProblem.ts'
import { placeFrame, placeOnSlices, type FramePlacement } from './placeFrame.ts'
import { placesOf } from './segmentationGrid.ts'
import type { PlanePlace, SegmentationObject } from './segmentationObject.ts'

/** Segments as masks on a grid. */
export interface PlacedSegments {
  /** By segment number: 1 inside, 0 outside. A segment without a voxel has a mask too. */
  readonly masks: ReadonlyMap<number, Uint8Array>
  /** Largest distance between a pixel of the file and its voxel. */
  readonly offMm: number
}

const OTHER_IMAGES =
  'Choose a segmentation that was drawn on the images of this case, or import its own series as a case.'

/**
 * Puts every segment on a grid, voxel for voxel. A fraction counts as inside from half of the maximum on.
 *
 * @param series the planes whose slices are those of the grid, where it came as DICOM
 * @throws GliadeskError BAD_FILE where the file's pixels are not voxels of the grid, where something drawn lies outside of
 *   it, or where a label map holds a number that it does not describe
 */
export async function segmentMasks(
  object: SegmentationObject,
  grid: VolumeGrid,
  series: readonly ImagePlanes[] = [],
): Promise<PlacedSegments> {
  const { name, kind } = object
  const places = placesOf(object)
  const masks = new Map(
    object.segments.map(({ number }) => [number, new Uint8Array(voxelCount(grid.dims))]),
  )
  let offMm = 0
  for (const [index, { segment }] of object.frames.entries()) {
    const place = places[index]
    const placement =
      series
        .map((planes) => placeOnSlices(place, object, planes))
        .find((found) => found !== null) ??
      (fitsSlices(place, object.sliceSpacingMm, grid) ? placeFrame(place, object, grid) : null)
    if (!placement) {
      throw dicomProblem(
        name,
        `frame ${index + 1} does not lie on a slice of the images, or its pixels are of another size.`,
        OTHER_IMAGES,
      )
    }
    offMm = Math.max(offMm, placement.offMm)
    const pixels = await object.readPixels(index)
    const maskOf = (value: number): Uint8Array => {
      const number = kind === 'LABELMAP' ? value : (segment ?? 0)
      const mask = masks.get(number)
      if (mask) return mask
      throw dicomProblem(
        name,
        `frame ${index + 1} shows the segment ${number}, which the file does not describe.`,
        'Export the segmentation again from the program that drew it.',
      )
    }
    paint(object, pixels, placement, grid, maskOf)
  }
  return { masks, offMm }
}

/** Coarser slices would leave gaps between themselves without any sign of it. Along the normal, as slices may be sheared. */
function fitsSlices(
  { pixelSpacingMm }: PlanePlace,
  spacingMm: number | null,
  { indexToWorld }: VolumeGrid,
): boolean {
  if (spacingMm === null) return true
  const voxelMm3 = Math.abs(affineDeterminant(indexToWorld))
  const gridSpacingMm = voxelMm3 / (pixelSpacingMm[0] * pixelSpacingMm[1])
  return Math.abs(spacingMm / gridSpacingMm - 1) < 0.01
}

function paint(
  { name, kind, rows, columns, maximumValue, paddingValue }: SegmentationObject,
  pixels: ArrayLike<number>,
  { start, across, down }: FramePlacement,
  { dims }: VolumeGrid,
  maskOf: (value: number) => Uint8Array,
): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = pixels[column + columns * row]
      if (value === 0 || (kind === 'LABELMAP' && value === paddingValue)) continue
      if (kind === 'FRACTIONAL' && 2 * value < maximumValue) continue
      const i = start[0] + column * across[0] + row * down[0]
      const j = start[1] + column * across[1] + row * down[1]
      const k = start[2] + column * across[2] + row * down[2]
      if (i < 0 || j < 0 || k < 0 || i >= dims[0] || j >= dims[1] || k >= dims[2]) {
        throw dicomProblem(
          name,
          'a part of what was drawn lies outside of the images.',
          OTHER_IMAGES,
        )
      }
      maskOf(value)[i + dims[0] * (j + dims[1] * k)] = 1
    }
  }
}
