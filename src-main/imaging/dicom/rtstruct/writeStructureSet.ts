import { LABELS } from '../../../contract/anatomy.ts'
import { LABEL_CLASSES, type LabelClass } from '../../labelmap/index.ts'
import { codeItem } from '../write/codeItem.ts'
import type { DataSetContent } from '../write/dataSetContent.ts'
import {
  commonModules,
  dateAndTime,
  referencedImages,
  type DerivedObject,
} from '../write/derivedObject.ts'
import type { ImagePlanes } from '../write/imagePlanes.ts'
import { textValue } from '../write/textValue.ts'
import { writeDicomFile } from '../write/writeDicomFile.ts'
import { keyholes } from './keyholes.ts'
import { traceContours } from './traceContours.ts'

const STRUCTURE_SET_CLASS = '1.2.840.10008.5.1.4.1.1.481.3'
/** Detached Study Management, retired, by which an RT structure set still names its study. */
const STUDY_CLASS = '1.2.840.10008.3.1.2.3.1'
/** Positions are written to 10⁻⁴ mm, so that long contours stay short. */
const DIGITS = 1e4

export interface StructureSetToWrite extends DerivedObject {
  /** Canonical labels; voxel (i, j, k) is column i, row j of plane k. */
  readonly labels: Uint8Array
  readonly planes: ImagePlanes
  /** MANUAL, SEMIAUTOMATIC or AUTOMATIC. */
  readonly algorithmType: string
}

/**
 * Writes labels as contours (RT Structure Set): one ROI for every class that has voxels, closed planar contours on every
 * slice, holes as keyholes. Enhancing tumour and necrosis are GTV; edema has no interpreted type.
 */
export function writeStructureSet(request: StructureSetToWrite): Uint8Array<ArrayBuffer> {
  const { labels, planes, frameOfReferenceUid, author } = request
  const { date, time } = dateAndTime(request.instant)
  const drawn = LABEL_CLASSES.filter(({ label }) => labels.includes(label))
  return writeDicomFile({
    ...commonModules(request, { sopClassUid: STRUCTURE_SET_CLASS, modality: 'RTSTRUCT' }),
    FrameOfReferenceUID: frameOfReferenceUid,
    PositionReferenceIndicator: '',
    StructureSetLabel: 'GLIOMA',
    StructureSetName: textValue(request.seriesDescription, 64),
    StructureSetDate: date,
    StructureSetTime: time,
    ReferencedFrameOfReferenceSequence: [
      { FrameOfReferenceUID: frameOfReferenceUid, ...referencedStudy(planes) },
    ],
    StructureSetROISequence: drawn.map((found) => ({
      ROINumber: found.label,
      ReferencedFrameOfReferenceUID: frameOfReferenceUid,
      ROIName: found.name,
      ROIDescription: found.title,
      ROIGenerationAlgorithm: request.algorithmType,
    })),
    ROIContourSequence: drawn.map((found) => ({
      ROIDisplayColor: found.colour,
      ReferencedROINumber: found.label,
      ContourSequence: contoursOf(found, labels, planes),
    })),
    RTROIObservationsSequence: drawn.map((found) => ({
      ObservationNumber: found.label,
      ReferencedROINumber: found.label,
      ROIObservationLabel: found.name,
      RTROIInterpretedType: found.label === LABELS.edema ? '' : 'GTV',
      ROIInterpreter: textValue(author, 64),
      RTROIIdentificationCodeSequence: codeItem(found.type),
    })),
    ApprovalStatus: 'UNAPPROVED',
  })
}

function referencedStudy(planes: ImagePlanes): DataSetContent {
  if (!planes.series) return {}
  return {
    RTReferencedStudySequence: [
      {
        ReferencedSOPClassUID: STUDY_CLASS,
        ReferencedSOPInstanceUID: planes.series.studyInstanceUid,
        RTReferencedSeriesSequence: [
          {
            SeriesInstanceUID: planes.series.seriesInstanceUid,
            ContourImageSequence: referencedImages(planes),
          },
        ],
      },
    ],
  }
}

function contoursOf(
  { label }: LabelClass,
  labels: Uint8Array,
  { rows, columns, slices, orientation, pixelSpacingMm }: ImagePlanes,
): DataSetContent[] {
  const size = rows * columns
  const items: DataSetContent[] = []
  for (const [k, { positionMm, image }] of slices.entries()) {
    const plane = labels.subarray(k * size, (k + 1) * size)
    if (!plane.includes(label)) continue
    const mask = plane.map((value) => (value === label ? 1 : 0))
    for (const contour of keyholes(traceContours(mask, columns, rows))) {
      items.push({
        ...(image && {
          ContourImageSequence: [
            {
              ReferencedSOPClassUID: image.sopClassUid,
              ReferencedSOPInstanceUID: image.sopInstanceUid,
              ...(image.frameNumber !== null && { ReferencedFrameNumber: image.frameNumber }),
            },
          ],
        }),
        ContourGeometricType: 'CLOSED_PLANAR',
        NumberOfContourPoints: contour.length,
        ContourNumber: items.length + 1,
        ContourData: contour.flatMap(([column, row]) =>
          [0, 1, 2].map((axis) => {
            const mm =
              positionMm[axis] +
              column * pixelSpacingMm[1] * orientation[axis] +
              row * pixelSpacingMm[0] * orientation[3 + axis]
            return Math.round(mm * DIGITS) / DIGITS
          }),
        ),
      })
    }
  }
  return items
}
