import { SEGMENTATION_SEQUENCES, SEGMENTATION_TAG } from './segmentationTags.ts'
import { TAG } from './tags.ts'

const SEQUENCES: ReadonlySet<number> = new Set<number>([
  ...SEGMENTATION_SEQUENCES,
  TAG.directoryRecords,
  TAG.contrastAgentSequence,
  TAG.timingGroup,
  TAG.echoGroup,
  TAG.modifierGroup,
  TAG.diffusionGroup,
  TAG.frameTypeGroup,
  TAG.frameContentGroup,
  TAG.planePositionGroup,
  TAG.planeOrientationGroup,
  TAG.pixelMeasuresGroup,
  TAG.windowGroup,
  TAG.rescaleGroup,
  TAG.sharedGroups,
  TAG.perFrameGroups,
])
const UINT16: ReadonlySet<number> = new Set<number>([
  SEGMENTATION_TAG.segmentNumber,
  SEGMENTATION_TAG.referencedSegment,
  SEGMENTATION_TAG.maximumFractionalValue,
  SEGMENTATION_TAG.recommendedCielab,
  SEGMENTATION_TAG.pixelPadding,
  TAG.samplesPerPixel,
  TAG.rows,
  TAG.columns,
  TAG.bitsAllocated,
  TAG.bitsStored,
  TAG.highBit,
  TAG.pixelRepresentation,
])
const FLOAT64: ReadonlySet<number> = new Set([
  TAG.inversionTimes,
  TAG.effectiveEchoTime,
  TAG.diffusionBValue,
])

/** The VR of a kept element where the file does not state it; "LO" stands for every kind of text. */
export function implicitVr(tag: number): string {
  if (SEQUENCES.has(tag)) return 'SQ'
  if (UINT16.has(tag)) return 'US'
  if (FLOAT64.has(tag)) return 'FD'
  if (tag === TAG.temporalPositionIndex) return 'UL'
  return tag === TAG.pixelData ? 'OW' : 'LO'
}
