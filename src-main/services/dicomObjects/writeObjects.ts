import type { DicomFormat } from '../../contract/index.ts'
import {
  binaryClasses,
  SEGMENTATION_CLASS,
  writeMeasurementReport,
  writeSegmentationObject,
  writeStructureSet,
  type DerivedObject,
} from '../../imaging/dicom/index.ts'
import { volumesMl } from '../../imaging/labelmap/index.ts'
import { measureLesions } from '../../imaging/measurement/index.ts'
import type { ExportDescription } from './describeExport.ts'

/** A file to be written: what its name ends in, and its content. */
export interface DicomFileToWrite {
  readonly suffix: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** The files of a format, the one that was asked for first. A report comes with the segmentation that it refers to. */
export const WRITERS: Record<DicomFormat, (described: ExportDescription) => DicomFileToWrite[]> = {
  'dicom-seg': (described) => [segmentation(described)],
  'dicom-seg-labelmap': (described) => [labelMap(described)],
  'dicom-rtstruct': (described) => [structureSet(described)],
  'dicom-sr': (described) => [report(described), segmentation(described)],
}

const segmentationObject = ({ derived }: ExportDescription): DerivedObject =>
  derived('seg', 9001, 'Glioma segmentation')

const segmentation = (described: ExportDescription): DicomFileToWrite => ({
  suffix: 'seg',
  bytes: writeSegmentationObject({
    ...segmentationObject(described),
    kind: 'BINARY',
    ...drawn(described),
  }),
})

const labelMap = (described: ExportDescription): DicomFileToWrite => ({
  suffix: 'seg-labelmap',
  bytes: writeSegmentationObject({
    ...described.derived('labelmap', 9002, 'Glioma label map'),
    kind: 'LABELMAP',
    ...drawn(described),
  }),
})

const drawn = ({ labels, planes, algorithm }: ExportDescription) => ({ labels, planes, algorithm })

const structureSet = (described: ExportDescription): DicomFileToWrite => ({
  suffix: 'rtstruct',
  bytes: writeStructureSet({
    ...described.derived('rtstruct', 9003, 'Glioma contours'),
    labels: described.labels,
    planes: described.planes,
    algorithmType: described.algorithm.type,
  }),
})

function report(described: ExportDescription): DicomFileToWrite {
  const { derived, labels, planes, grid } = described
  const { uid } = segmentationObject(described)
  return {
    suffix: 'sr',
    bytes: writeMeasurementReport({
      ...derived('sr', 9004, 'Glioma measurements'),
      ...measureLesions(labels, grid),
      planes,
      volumesMl: volumesMl(labels, grid),
      segmentation: {
        sopClassUid: SEGMENTATION_CLASS,
        sopInstanceUid: uid('instance SEG'),
        seriesInstanceUid: uid('series SEG'),
        segmentOf: new Map(binaryClasses(labels).map(({ label }, index) => [label, index + 1])),
      },
    }),
  }
}
