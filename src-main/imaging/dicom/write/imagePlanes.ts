import type { DicomSource } from '../../../contract/dicom.ts'
import { GliadeskError } from '../../../contract/errors.ts'
import type { VolumeGrid } from '../../../contract/volume.ts'
import { spacingOf, swapRasLps } from '../../geometry/index.ts'

type Vector3 = readonly [number, number, number]

/** An image that an object refers to. */
export interface ImageReference {
  readonly sopClassUid: string
  readonly sopInstanceUid: string
  /** From 1; null for a single-frame image. */
  readonly frameNumber: number | null
}

/** The planes that the slices k = 0, 1, … of a labelmap lie in, LPS+; column i, row j of plane k is voxel (i, j, k). */
export interface ImagePlanes {
  readonly rows: number
  readonly columns: number
  /** Unit directions of increasing column, then of increasing row. */
  readonly orientation: readonly number[]
  /** Between rows, then between columns. */
  readonly pixelSpacingMm: readonly [number, number]
  /** Between the planes, along their normal. */
  readonly sliceSpacingMm: number
  readonly slices: readonly {
    /** Centre of the first pixel. */
    readonly positionMm: Vector3
    /** The image of this plane; null where the case did not come as DICOM. */
    readonly image: ImageReference | null
  }[]
  /** Of the images; null where there are none. */
  readonly series: { readonly seriesInstanceUid: string; readonly studyInstanceUid: string } | null
}

/** The planes of a DICOM series, exactly as its headers have them. */
export function planesOfSource(source: DicomSource): ImagePlanes {
  const [rowSpacing, columnSpacing] = source.pixelSpacingMm
  const first = source.slices[0].positionMm
  const last = source.slices[source.slices.length - 1].positionMm
  return {
    rows: source.rows,
    columns: source.columns,
    orientation: source.orientation,
    pixelSpacingMm: [rowSpacing, columnSpacing],
    sliceSpacingMm: normalSpacing(source.orientation, first, last, source.slices.length - 1),
    slices: source.slices.map(({ positionMm, sopInstanceUid, frameNumber }) => ({
      positionMm,
      image: { sopClassUid: source.sopClassUid, sopInstanceUid, frameNumber },
    })),
    series: {
      seriesInstanceUid: source.seriesInstanceUid,
      studyInstanceUid: source.studyInstanceUid,
    },
  }
}

/** Cosine between rows and columns above which a grid has no planes in the sense of DICOM. */
const PERPENDICULAR = 1e-4

/**
 * The planes of a grid that did not come as DICOM.
 *
 * @throws GliadeskError BAD_INPUT where rows and columns are not perpendicular
 */
export function planesOfGrid(grid: VolumeGrid): ImagePlanes {
  const lps = swapRasLps(grid.indexToWorld)
  const spacing = spacingOf(lps)
  const column = (axis: number): number[] => [lps[axis], lps[4 + axis], lps[8 + axis]]
  const orientation = [0, 1].flatMap((axis) => column(axis).map((part) => part / spacing[axis]))
  const cosine = [0, 1, 2].reduce((sum, n) => sum + orientation[n] * orientation[3 + n], 0)
  if (Math.abs(cosine) > PERPENDICULAR) {
    throw new GliadeskError(
      'BAD_INPUT',
      'The rows and columns of this case are not perpendicular, which DICOM images have to be.',
      'Export as NIfTI or NRRD, or resample the case first.',
    )
  }
  const step = column(2)
  const origin: Vector3 = [lps[3], lps[7], lps[11]]
  const at = (k: number): Vector3 => [
    origin[0] + k * step[0],
    origin[1] + k * step[1],
    origin[2] + k * step[2],
  ]
  const count = grid.dims[2]
  return {
    rows: grid.dims[1],
    columns: grid.dims[0],
    orientation,
    pixelSpacingMm: [spacing[1], spacing[0]],
    sliceSpacingMm: normalSpacing(orientation, at(0), at(1), 1),
    slices: Array.from({ length: count }, (_, k) => ({ positionMm: at(k), image: null })),
    series: null,
  }
}

function normalSpacing(
  [a, b, c, d, e, f]: readonly number[],
  first: Vector3,
  last: Vector3,
  steps: number,
): number {
  const normal = [b * f - c * e, c * d - a * f, a * e - b * d]
  const along = normal.reduce((sum, part, axis) => sum + part * (last[axis] - first[axis]), 0)
  return Math.abs(along) / Math.max(1, steps)
}
