import { LABEL_NAMES } from '../../../contract/anatomy.ts'
import { GliadeskError } from '../../../contract/errors.ts'
import type { VolumeGrid } from '../../../contract/volume.ts'
import { composeRegions, labelsOfName } from '../../labelmap/index.ts'
import { voxelCount } from '../../volume/index.ts'
import { dicomProblem } from '../read/dicomProblem.ts'
import type { ImagePlanes } from '../write/imagePlanes.ts'
import { segmentMasks } from './segmentMasks.ts'
import type { DicomSegment, SegmentationObject } from './segmentationObject.ts'

/** What a person says a segment is, by its number: the canonical labels that it can consist of; none to leave it out. */
export type SegmentMapping = ReadonlyMap<number, readonly number[]>

export interface SegmentationReading {
  readonly mapping?: SegmentMapping
  /** The planes whose slices are those of the grid, where it came as DICOM. */
  readonly series?: readonly ImagePlanes[]
}

/** A segmentation in canonical labels. */
export interface SegmentationLabels {
  readonly labels: Uint8Array
  /** How every segment was understood, in words. */
  readonly reading: string
  /** Largest distance between a pixel of the file and its voxel. */
  readonly offMm: number
}

/**
 * Reads a segmentation in canonical labels on the grid of a case. What a segment is follows from the mapping, else from its
 * label, else from its code. Regions may hold classes (whole tumour over all, core over necrosis and enhancing tumour):
 * the more specific one counts. Any other overlap is refused.
 *
 * @throws GliadeskError BAD_FILE for geometry that is not the grid's; BAD_INPUT for segments of unclear meaning and for overlaps
 */
export async function readSegmentationLabels(
  object: SegmentationObject,
  grid: VolumeGrid,
  { mapping = new Map(), series = [] }: SegmentationReading = {},
): Promise<SegmentationLabels> {
  const understood = object.segments.map((segment) => ({
    segment,
    labels: mapping.get(segment.number) ?? meaningOfSegment(segment),
  }))
  const unclear = understood.filter(({ labels }) => labels === null)
  if (unclear.length > 0 || understood.length === 0) {
    const names = unclear.map(({ segment }) => `${segment.number} "${segment.label}"`).join(', ')
    throw new GliadeskError(
      'BAD_INPUT',
      understood.length === 0
        ? `${object.name} describes no segment.`
        : `${object.name} has segments whose meaning is unclear: ${names}.`,
      'Say which of NCR, ED and ET (or WT, TC) each of them is, or leave it out.',
    )
  }
  const { masks, offMm } = await segmentMasks(object, grid, series)
  const parts = understood.flatMap(({ segment, labels }) => {
    const mask = masks.get(segment.number)
    return labels && labels.length > 0 && mask ? [{ segment, labels, mask }] : []
  })
  refuseOverlaps(object, parts)
  return {
    labels: composeRegions(voxelCount(grid.dims), parts),
    reading: understood.map(({ segment, labels }) => describe(segment, labels ?? [])).join(', '),
    offMm,
  }
}

/** The canonical labels that a segment can consist of, by its label, else by its code; null where neither tells. */
export const meaningOfSegment = ({ label, type }: DicomSegment): readonly number[] | null =>
  labelsOfName(label) ?? (type && (labelsOfName(type.value) ?? labelsOfName(type.meaning)))

const describe = ({ label }: DicomSegment, labels: readonly number[]): string =>
  `${label} as ${labels.length === 0 ? 'nothing' : labels.map((value) => LABEL_NAMES[value]).join(' + ')}`

interface Part {
  readonly segment: DicomSegment
  readonly labels: readonly number[]
  readonly mask: Uint8Array
}

/** Two parts may share voxels only where one's meaning holds the other's. */
function refuseOverlaps(object: SegmentationObject, parts: readonly Part[]): void {
  for (const [index, first] of parts.entries()) {
    for (const second of parts.slice(index + 1)) {
      if (holds(first, second) || holds(second, first)) continue
      let shared = 0
      for (let i = 0; i < first.mask.length; i++) shared += first.mask[i] & second.mask[i]
      if (shared === 0) continue
      throw dicomProblem(
        object.name,
        `the segments "${first.segment.label}" and "${second.segment.label}" overlap in ${shared} voxels, ` +
          'but a voxel of a label has one class.',
        'Leave one of the two out, or remove the overlap in the program that drew them.',
      )
    }
  }
}

const holds = (outer: Part, inner: Part): boolean =>
  inner.labels.every((label) => outer.labels.includes(label))
