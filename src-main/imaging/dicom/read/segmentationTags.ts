import { KEPT_TAGS } from './tags.ts'

/** What a segmentation has beyond an image (PS3.3 C.8.20), as group · 65536 + element. */
export const SEGMENTATION_TAG = {
  codeValue: 0x0008_0100,
  codeScheme: 0x0008_0102,
  codeMeaning: 0x0008_0104,
  referencedSeries: 0x0008_1115,
  referencedInstances: 0x0008_114a,
  referencedInstance: 0x0008_1155,
  pixelPadding: 0x0028_0120,
  slidePosition: 0x0048_021a,
  segmentationType: 0x0062_0001,
  segments: 0x0062_0002,
  segmentCategory: 0x0062_0003,
  segmentNumber: 0x0062_0004,
  segmentLabel: 0x0062_0005,
  algorithmType: 0x0062_0008,
  algorithmName: 0x0062_0009,
  segmentIdentification: 0x0062_000a,
  referencedSegment: 0x0062_000b,
  recommendedCielab: 0x0062_000d,
  maximumFractionalValue: 0x0062_000e,
  segmentType: 0x0062_000f,
  fractionalType: 0x0062_0010,
} as const

export const SEGMENTATION_SEQUENCES: readonly number[] = [
  SEGMENTATION_TAG.referencedSeries,
  SEGMENTATION_TAG.referencedInstances,
  SEGMENTATION_TAG.slidePosition,
  SEGMENTATION_TAG.segments,
  SEGMENTATION_TAG.segmentCategory,
  SEGMENTATION_TAG.segmentIdentification,
  SEGMENTATION_TAG.segmentType,
]

/** Elements kept of a segmentation; still nothing that names a person. */
export const SEGMENTATION_KEPT_TAGS: ReadonlySet<number> = new Set<number>([
  ...KEPT_TAGS,
  ...Object.values(SEGMENTATION_TAG),
])
