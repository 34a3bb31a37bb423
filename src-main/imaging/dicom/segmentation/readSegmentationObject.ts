import type { ByteSource } from '../read/byteSource.ts'
import type { DataSet } from '../read/dataSet.ts'
import type { PixelFormat } from '../read/dicomInstance.ts'
import { dicomProblem } from '../read/dicomProblem.ts'
import { readDicomFile, type DicomFile } from '../read/readDicomFile.ts'
import { readPixelFormat } from '../read/readPixelFormat.ts'
import { createPixelReader } from '../read/readPixels.ts'
import { SEGMENTATION_KEPT_TAGS, SEGMENTATION_TAG } from '../read/segmentationTags.ts'
import { TAG } from '../read/tags.ts'
import { unpackBits } from './packedBits.ts'
import { readSegments } from './readSegments.ts'
import type { PlanePlace, SegmentationFrame, SegmentationObject } from './segmentationObject.ts'

/** Segmentation Storage, and Label Map Segmentation Storage (PS3.4 B.5). */
const SEGMENTATION_CLASSES: ReadonlySet<string> = new Set([
  '1.2.840.10008.5.1.4.1.1.66.4',
  '1.2.840.10008.5.1.4.1.1.66.7',
])
const SEND_AGAIN = 'Export the segmentation again from the program that drew it.'

/**
 * Reads a DICOM segmentation: BINARY, FRACTIONAL or LABELMAP, single- or multi-frame. Pixels are read when asked for.
 *
 * @throws GliadeskError BAD_FILE where the file is no segmentation, or is damaged
 */
export async function readSegmentationObject(source: ByteSource): Promise<SegmentationObject> {
  const { name } = source
  const file = await readDicomFile(source, SEGMENTATION_KEPT_TAGS)
  if (!file || !SEGMENTATION_CLASSES.has(file.dataSet.text(TAG.sopClass) ?? '')) {
    throw dicomProblem(
      name,
      `it is no DICOM segmentation${file ? '' : ', and no DICOM file at all'}.`,
      'Choose a file whose modality is SEG; a surface segmentation or an RTSTRUCT has to be converted first.',
    )
  }
  const { dataSet } = file
  const kind = dataSet.text(SEGMENTATION_TAG.segmentationType)
  if (kind !== 'BINARY' && kind !== 'FRACTIONAL' && kind !== 'LABELMAP') {
    throw dicomProblem(name, `its Segmentation Type is ${kind ?? 'missing'}.`, SEND_AGAIN)
  }
  const format = readPixelFormat(file, {
    bitsAllocated: kind === 'BINARY' ? [1] : kind === 'FRACTIONAL' ? [8] : [8, 16],
    photometric: kind === 'LABELMAP' ? /^(MONOCHROME2|PALETTE COLOR)$/ : /^MONOCHROME2$/,
  })
  return {
    name,
    kind,
    rows: format.rows,
    columns: format.columns,
    segments: readSegments(dataSet, name, kind === 'LABELMAP'),
    frames: readFrames(dataSet, format, name, kind),
    sliceSpacingMm: measureOf(dataSet, TAG.spacingBetweenSlices),
    sliceThicknessMm: measureOf(dataSet, TAG.sliceThickness),
    paddingValue: dataSet.number(SEGMENTATION_TAG.pixelPadding),
    maximumValue: kind === 'FRACTIONAL' ? maximumOf(dataSet) : 1,
    frameOfReferenceUid: dataSet.text(TAG.frameOfReference),
    referencedSeriesUids: dataSet
      .items(SEGMENTATION_TAG.referencedSeries)
      .flatMap((series) => series.text(TAG.seriesInstance) ?? []),
    readPixels: pixelsOf(file, format),
  }
}

function pixelsOf(file: DicomFile, format: PixelFormat): SegmentationObject['readPixels'] {
  const { content } = file
  if (format.bitsAllocated !== 1) {
    const reader = createPixelReader()
    const instance = { content, pixels: format }
    return (index) => reader.read({ instance, index })
  }
  if (format.length === null) {
    throw dicomProblem(content.name, 'its single bits are compressed, which DICOM does not know.')
  }
  const count = format.rows * format.columns
  return async (index) => {
    const firstBit = index * count
    const start = Math.floor(firstBit / 8)
    const length = Math.ceil((firstBit + count) / 8) - start
    const bytes = await content.read(format.offset + start, length)
    return unpackBits(bytes, firstBit % 8, count)
  }
}

function readFrames(
  dataSet: DataSet,
  { frameCount }: PixelFormat,
  name: string,
  kind: SegmentationObject['kind'],
): SegmentationFrame[] {
  const perFrame = dataSet.items(TAG.perFrameGroups)
  if (perFrame.length !== frameCount) {
    throw dicomProblem(
      name,
      `it states ${frameCount} frames, but describes ${perFrame.length}.`,
      SEND_AGAIN,
    )
  }
  const shared = dataSet.item(TAG.sharedGroups)
  const groups = (own: DataSet, group: number): DataSet | null =>
    own.item(group) ?? shared?.item(group) ?? null
  return perFrame.map((own, index) => {
    const segment = groups(own, SEGMENTATION_TAG.segmentIdentification)?.number(
      SEGMENTATION_TAG.referencedSegment,
    )
    if (kind !== 'LABELMAP' && typeof segment !== 'number') {
      throw dicomProblem(
        name,
        `frame ${index + 1} does not say which segment it shows.`,
        SEND_AGAIN,
      )
    }
    const place = placeOf((group) => groups(own, group))
    const isSlide = groups(own, SEGMENTATION_TAG.slidePosition) !== null
    if (!place && !isSlide) {
      throw dicomProblem(name, `frame ${index + 1} has no place in space.`, SEND_AGAIN)
    }
    return { segment: kind === 'LABELMAP' ? null : (segment ?? null), place }
  })
}

function placeOf(groupOf: (group: number) => DataSet | null): PlanePlace | null {
  const position = groupOf(TAG.planePositionGroup)?.vector(TAG.position, 3)
  const orientation = groupOf(TAG.planeOrientationGroup)?.vector(TAG.orientation, 6)
  const spacing = groupOf(TAG.pixelMeasuresGroup)?.vector(TAG.pixelSpacing, 2)
  if (!position || !orientation || !spacing) return null
  if (!(spacing[0] > 0 && spacing[1] > 0)) return null
  const [x, y, z] = position
  return { positionMm: [x, y, z], orientation, pixelSpacingMm: [spacing[0], spacing[1]] }
}

/** A positive length of the pixel measures, shared or of the first frame. */
function measureOf(dataSet: DataSet, tag: number): number | null {
  const measures =
    dataSet.item(TAG.sharedGroups)?.item(TAG.pixelMeasuresGroup) ??
    dataSet.items(TAG.perFrameGroups)[0]?.item(TAG.pixelMeasuresGroup)
  const value = measures?.number(tag) ?? 0
  return value > 0 ? value : null
}

function maximumOf(dataSet: DataSet): number {
  const maximum = dataSet.number(SEGMENTATION_TAG.maximumFractionalValue)
  return maximum !== null && maximum > 0 ? maximum : 255
}
