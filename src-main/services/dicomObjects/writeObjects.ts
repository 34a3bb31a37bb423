import type { DicomFormat } from '../../contract/index.ts'
import { writeSegmentationObject } from '../../imaging/dicom/index.ts'
import type { ExportDescription } from './describeExport.ts'

/** A file to be written: what its name ends in, and its content. */
export interface DicomFileToWrite {
  readonly suffix: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** The files of a format, the one that was asked for first. */
export const WRITERS: Record<DicomFormat, (described: ExportDescription) => DicomFileToWrite[]> = {
  'dicom-seg': (described) => [segmentation(described, 'BINARY')],
  'dicom-seg-labelmap': (described) => [segmentation(described, 'LABELMAP')],
}

function segmentation(
  { derived, labels, planes, algorithm }: ExportDescription,
  kind: 'BINARY' | 'LABELMAP',
): DicomFileToWrite {
  const isBinary = kind === 'BINARY'
  const object = isBinary
    ? derived('seg', 9001, 'Glioma segmentation')
    : derived('labelmap', 9002, 'Glioma label map')
  return {
    suffix: isBinary ? 'seg' : 'seg-labelmap',
    bytes: writeSegmentationObject({ ...object, kind, labels, planes, algorithm }),
  }
}
