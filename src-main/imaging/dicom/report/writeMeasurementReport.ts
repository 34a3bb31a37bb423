import type { Lesion } from '../../../contract/dicomObjects.ts'
import type { VolumesMl } from '../../../contract/cases.ts'
import { BRAIN, codeItem, dcm, sct } from '../write/codeItem.ts'
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
import { codeValue, container, imageValue, personValue } from './contentItems.ts'
import { lesionGroup, volumeGroups } from './measurementGroups.ts'

const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33'

/** The segmentation that was measured. */
export interface ReferencedSegmentation {
  readonly sopClassUid: string
  readonly sopInstanceUid: string
  readonly seriesInstanceUid: string
  /** Segment number of each canonical label that has voxels. */
  readonly segmentOf: ReadonlyMap<number, number>
}

export interface MeasurementReportToWrite extends DerivedObject {
  readonly planes: ImagePlanes
  readonly segmentation: ReferencedSegmentation
  readonly volumesMl: VolumesMl
  /** Measured on the planes; drawn on the images where slices run along the planes (`sliceAxis` 2). */
  readonly lesions: readonly Lesion[]
  readonly sliceAxis: number
  readonly sumOfProductsMm2: number
}

/**
 * Writes measurements as a structured report (PS3.16 TID 1500): volumes of classes and regions with the segments they were
 * taken of (TID 1411), and both diameters of every enhancing lesion with the lines on the images (TID 1501).
 */
export function writeMeasurementReport(request: MeasurementReportToWrite): Uint8Array<ArrayBuffer> {
  const { date, time } = dateAndTime(request.instant)
  return writeDicomFile({
    ...commonModules(request, { sopClassUid: COMPREHENSIVE_SR, modality: 'SR' }),
    ContentDate: date,
    ContentTime: time,
    ReferencedPerformedProcedureStepSequence: [],
    CompletionFlag: 'COMPLETE',
    VerificationFlag: 'UNVERIFIED',
    PerformedProcedureCodeSequence: [],
    CurrentRequestedProcedureEvidenceSequence: [evidence(request)],
    ValueType: 'CONTAINER',
    ConceptNameCodeSequence: codeItem(dcm('126000', 'Imaging Measurement Report')),
    ContinuityOfContent: 'SEPARATE',
    ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: '1500' }],
    ContentSequence: content(request),
  })
}

/** Every instance that the report refers to. */
function evidence({
  planes,
  segmentation,
  patientStudy,
}: MeasurementReportToWrite): DataSetContent {
  const images = referencedImages(planes)
  return {
    StudyInstanceUID: patientStudy.StudyInstanceUID,
    ReferencedSeriesSequence: [
      ...(planes.series && images.length > 0
        ? [{ SeriesInstanceUID: planes.series.seriesInstanceUid, ReferencedSOPSequence: images }]
        : []),
      {
        SeriesInstanceUID: segmentation.seriesInstanceUid,
        ReferencedSOPSequence: [
          {
            ReferencedSOPClassUID: segmentation.sopClassUid,
            ReferencedSOPInstanceUID: segmentation.sopInstanceUid,
          },
        ],
      },
    ],
  }
}

function content(request: MeasurementReportToWrite): DataSetContent[] {
  const images = referencedImages(request.planes)
  const imageEntries = images.map((reference) => imageValue('CONTAINS', null, reference))
  return [
    codeValue('HAS CONCEPT MOD', dcm('121049', 'Language of Content Item and Descendants'), {
      scheme: 'RFC5646',
      value: 'en-US',
      meaning: 'English (United States)',
    }),
    codeValue('HAS OBS CONTEXT', dcm('121005', 'Observer Type'), dcm('121006', 'Person')),
    personValue(
      'HAS OBS CONTEXT',
      dcm('121008', 'Person Observer Name'),
      textValue(request.author, 64),
    ),
    codeValue(
      'HAS CONCEPT MOD',
      dcm('121058', 'Procedure reported'),
      sct('113091000', 'Magnetic resonance imaging'),
    ),
    ...(imageEntries.length > 0
      ? [
          container(dcm('111028', 'Image Library'), [
            container(dcm('126200', 'Image Library Group'), [
              codeValue('HAS CONCEPT MOD', sct('363698007', 'Finding Site'), BRAIN),
              ...imageEntries,
            ]),
          ]),
        ]
      : []),
    container(dcm('126010', 'Imaging Measurements'), [
      ...volumeGroups(request),
      ...request.lesions.map((lesion) => lesionGroup(lesion, request)),
    ]),
  ]
}
