import { LABEL_CLASSES, type LabelClass } from '../../labelmap/index.ts'
import {
  commonModules,
  dateAndTime,
  referencedImages,
  type DerivedObject,
} from '../write/derivedObject.ts'
import { BRAIN, codeItem, dcm, sct } from '../write/codeItem.ts'
import type { DataSetContent } from '../write/dataSetContent.ts'
import type { ImagePlanes } from '../write/imagePlanes.ts'
import { textValue } from '../write/textValue.ts'
import { writeDicomFile } from '../write/writeDicomFile.ts'
import { cielabValue } from './cielab.ts'
import { packBits } from './packedBits.ts'
import { sharedGroups, writeFrame, type FrameToWrite } from './segmentationFrames.ts'

export const SEGMENTATION_CLASS = '1.2.840.10008.5.1.4.1.1.66.4'
export const LABEL_MAP_CLASS = '1.2.840.10008.5.1.4.1.1.66.7'

/** Who drew the segments: a person, a person from a network's proposal, or a network. */
export type SegmentAlgorithm =
  | { readonly type: 'MANUAL' }
  | {
      readonly type: 'SEMIAUTOMATIC' | 'AUTOMATIC'
      readonly name: string
      readonly version: string
    }

export interface SegmentationToWrite extends DerivedObject {
  /** BINARY: one bit a voxel, a frame for every slice of a segment that is not empty. LABELMAP: one byte, all slices. */
  readonly kind: 'BINARY' | 'LABELMAP'
  /** Canonical labels; voxel (i, j, k) is column i, row j of plane k. */
  readonly labels: Uint8Array
  readonly planes: ImagePlanes
  readonly algorithm: SegmentAlgorithm
}

/**
 * Writes labels as a DICOM segmentation. A BINARY one numbers the classes that have voxels from 1 on; a LABELMAP keeps
 * the canonical values 1 NCR, 2 ED, 3 ET. Without any label there is one empty frame (BINARY), as DICOM asks for a frame.
 *
 * @throws RangeError where labels and planes are of different sizes
 */
export function writeSegmentationObject(request: SegmentationToWrite): Uint8Array<ArrayBuffer> {
  const { kind, labels, planes } = request
  const { rows, columns, slices } = planes
  if (labels.length !== rows * columns * slices.length) {
    throw new RangeError(`${labels.length} labels do not fill ${slices.length} planes`)
  }
  const isLabelMap = kind === 'LABELMAP'
  const classes = isLabelMap ? LABEL_CLASSES : binaryClasses(labels)
  const { frames, pixels } = isLabelMap
    ? { frames: slices.map((_, slice): FrameToWrite => ({ slice, segment: null })), pixels: labels }
    : binaryFrames(request, classes)
  const organisation = request.uid('dimensions')
  const { date, time } = dateAndTime(request.instant)
  const sopClassUid = isLabelMap ? LABEL_MAP_CLASS : SEGMENTATION_CLASS
  const references = referencedImages(planes)
  return writeDicomFile({
    ...commonModules(request, { sopClassUid, modality: 'SEG' }),
    FrameOfReferenceUID: request.frameOfReferenceUid,
    PositionReferenceIndicator: '',
    ImageType: ['DERIVED', 'PRIMARY'],
    ContentDate: date,
    ContentTime: time,
    ContentLabel: 'GLIOMA',
    ContentDescription: 'Glioma regions',
    ContentCreatorName: textValue(request.author, 64),
    ...(planes.series &&
      references.length > 0 && {
        ReferencedSeriesSequence: [
          {
            SeriesInstanceUID: planes.series.seriesInstanceUid,
            ReferencedInstanceSequence: references,
          },
        ],
      }),
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    NumberOfFrames: frames.length,
    Rows: rows,
    Columns: columns,
    BitsAllocated: isLabelMap ? 8 : 1,
    BitsStored: isLabelMap ? 8 : 1,
    HighBit: isLabelMap ? 7 : 0,
    PixelRepresentation: 0,
    LossyImageCompression: '00',
    ...(isLabelMap && { PixelPaddingValue: 0 }),
    SegmentationType: kind,
    SegmentsOverlap: 'NO',
    SegmentSequence: [
      ...(isLabelMap ? [BACKGROUND_SEGMENT] : []),
      ...classes.map((found, index) =>
        describeSegment(found, isLabelMap ? found.label : index + 1, request),
      ),
    ],
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: organisation }],
    DimensionIndexSequence: dimensions(organisation, isLabelMap),
    SharedFunctionalGroupsSequence: [sharedGroups(planes)],
    PerFrameFunctionalGroupsSequence: perFrame(frames, planes),
    PixelData: pixels,
  })
}

/** The classes of a BINARY segmentation, in the order of their segment numbers 1, 2, …: those with voxels, else the first. */
export function binaryClasses(labels: Uint8Array): readonly LabelClass[] {
  const drawn = LABEL_CLASSES.filter(({ label }) => labels.includes(label))
  return drawn.length > 0 ? drawn : LABEL_CLASSES.slice(0, 1)
}

function binaryFrames(
  { labels, planes }: SegmentationToWrite,
  classes: readonly LabelClass[],
): { frames: FrameToWrite[]; pixels: Uint8Array } {
  const size = planes.rows * planes.columns
  const frames: FrameToWrite[] = []
  const masks: Uint8Array[] = []
  for (const [index, { label }] of classes.entries()) {
    for (let slice = 0; slice < planes.slices.length; slice++) {
      const plane = labels.subarray(slice * size, (slice + 1) * size)
      if (!plane.includes(label)) continue
      frames.push({ slice, segment: index + 1 })
      masks.push(plane.map((value) => (value === label ? 1 : 0)))
    }
  }
  if (frames.length === 0) {
    frames.push({ slice: 0, segment: 1 })
    masks.push(new Uint8Array(size))
  }
  return { frames, pixels: packBits(masks) }
}

function perFrame(frames: readonly FrameToWrite[], planes: ImagePlanes): DataSetContent[] {
  const used = [...new Set(frames.map(({ slice }) => slice))].sort((left, right) => left - right)
  const rank = new Map(used.map((slice, index) => [slice, index + 1]))
  return frames.map((frame) => writeFrame(frame, planes, rank.get(frame.slice) ?? 1))
}

const BACKGROUND_SEGMENT: DataSetContent = {
  SegmentNumber: 0,
  SegmentLabel: 'Background',
  SegmentAlgorithmType: 'MANUAL',
  SegmentedPropertyCategoryCodeSequence: codeItem(
    sct('309825002', 'Spatial and Relational Concept'),
  ),
  SegmentedPropertyTypeCodeSequence: codeItem(dcm('125040', 'Background')),
}

function describeSegment(
  { name, title, colour, category, type }: LabelClass,
  number: number,
  { algorithm, uid }: SegmentationToWrite,
): DataSetContent {
  return {
    SegmentNumber: number,
    SegmentLabel: name,
    SegmentDescription: title,
    SegmentAlgorithmType: algorithm.type,
    ...(algorithm.type !== 'MANUAL' && {
      SegmentAlgorithmName: textValue(algorithm.name, 64),
      SegmentationAlgorithmIdentificationSequence: [
        {
          AlgorithmFamilyCodeSequence: codeItem(dcm('123110', 'Artificial Intelligence')),
          AlgorithmName: textValue(algorithm.name, 64),
          AlgorithmVersion: textValue(algorithm.version, 64),
        },
      ],
    }),
    SegmentedPropertyCategoryCodeSequence: codeItem(category),
    SegmentedPropertyTypeCodeSequence: codeItem(type),
    AnatomicRegionSequence: codeItem(BRAIN),
    RecommendedDisplayCIELabValue: cielabValue(colour),
    TrackingID: name,
    TrackingUID: uid(`tracking ${name}`),
  }
}

/** Segment (but for a label map, whose pixels tell it), then position. */
function dimensions(organisation: string, isLabelMap: boolean): DataSetContent[] {
  const position: DataSetContent = {
    DimensionOrganizationUID: organisation,
    DimensionIndexPointer: 0x0020_0032,
    FunctionalGroupPointer: 0x0020_9113,
    DimensionDescriptionLabel: 'Image Position (Patient)',
  }
  const segment: DataSetContent = {
    DimensionOrganizationUID: organisation,
    DimensionIndexPointer: 0x0062_000b,
    FunctionalGroupPointer: 0x0062_000a,
    DimensionDescriptionLabel: 'Referenced Segment Number',
  }
  return isLabelMap ? [position] : [segment, position]
}
