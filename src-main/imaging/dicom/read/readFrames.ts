import type { SequenceHints } from '../../sequences/index.ts'
import type { DataSet } from './dataSet.ts'
import type { DicomFrame, DicomInstance } from './dicomInstance.ts'
import { dicomProblem } from './dicomProblem.ts'
import { TAG } from './tags.ts'

/**
 * Where every frame of an instance lies and how its values are scaled. Multi-frame files say it in functional groups,
 * shared ones and those of the frame (PS3.3 C.7.6.16); single-frame files at the top.
 *
 * @throws GliadeskError BAD_FILE where a frame has no place in space
 */
export function readFrames(instance: DicomInstance, dataSet: DataSet): DicomFrame[] {
  const perFrame = dataSet.items(TAG.perFrameGroups)
  const { frameCount } = instance.pixels
  if (perFrame.length === 0 && frameCount > 1) {
    throw dicomProblem(
      instance.content.name,
      `it holds ${frameCount} frames without saying where each lies in space.`,
      'Export the series as Enhanced MR or as one file a slice.',
    )
  }
  if (perFrame.length > 0 && perFrame.length !== frameCount) {
    throw dicomProblem(
      instance.content.name,
      `it states ${frameCount} frames, but describes ${perFrame.length}.`,
    )
  }
  const shared = dataSet.item(TAG.sharedGroups)
  return Array.from({ length: frameCount }, (_, index) =>
    readFrame(instance, index, new FrameGroups(dataSet, shared, perFrame[index] ?? null)),
  )
}

/** Looks an element up in the frame's group, then in the shared one, then at the top of the data set. */
class FrameGroups {
  readonly top: DataSet
  private readonly shared: DataSet | null
  private readonly own: DataSet | null

  constructor(top: DataSet, shared: DataSet | null, own: DataSet | null) {
    this.top = top
    this.shared = shared
    this.own = own
  }

  holding(group: number, tag: number): DataSet {
    for (const groups of [this.own, this.shared]) {
      const found = groups?.item(group)
      if (found?.elements.has(tag)) return found
    }
    return this.top
  }

  number(group: number, tag: number): number | null {
    return this.holding(group, tag).number(tag)
  }

  vector(group: number, tag: number, length: number): number[] | null {
    return this.holding(group, tag).vector(tag, length)
  }

  text(group: number, tag: number): string | null {
    return this.holding(group, tag).text(tag)
  }
}

function readFrame(instance: DicomInstance, index: number, groups: FrameGroups): DicomFrame {
  const position = groups.vector(TAG.planePositionGroup, TAG.position, 3)
  const orientation = groups.vector(TAG.planeOrientationGroup, TAG.orientation, 6)
  const spacing = groups.vector(TAG.pixelMeasuresGroup, TAG.pixelSpacing, 2)
  const refuse = (what: string): never => {
    const frame = instance.pixels.frameCount > 1 ? ` of frame ${index + 1}` : ''
    throw dicomProblem(
      instance.content.name,
      `the ${what}${frame} is missing or no number, so the image has no place in space.`,
    )
  }
  const [x, y, z] = position ?? refuse('Image Position (Patient)')
  const [rowSpacing, columnSpacing] = spacing ?? refuse('Pixel Spacing')
  if (!(rowSpacing > 0 && columnSpacing > 0)) refuse('Pixel Spacing')
  return {
    instance,
    index,
    positionMm: [x, y, z],
    orientation: orientation ?? refuse('Image Orientation (Patient)'),
    pixelSpacingMm: [rowSpacing, columnSpacing],
    slope: groups.number(TAG.rescaleGroup, TAG.rescaleSlope) || 1,
    intercept: groups.number(TAG.rescaleGroup, TAG.rescaleIntercept) ?? 0,
    window: readWindow(groups),
    hints: readHints(instance, groups),
    acquisitionNumber: groups.top.number(TAG.acquisitionNumber),
    temporalPosition:
      groups.number(TAG.frameContentGroup, TAG.temporalPositionIndex) ??
      groups.top.number(TAG.temporalPosition),
    stackId: groups.text(TAG.frameContentGroup, TAG.stackId),
  }
}

function readWindow(groups: FrameGroups): DicomFrame['window'] {
  const center = groups.number(TAG.windowGroup, TAG.windowCenter)
  const width = groups.number(TAG.windowGroup, TAG.windowWidth)
  return center !== null && width !== null && width > 0 ? { center, width } : null
}

function readHints(instance: DicomInstance, groups: FrameGroups): SequenceHints {
  const { top } = groups
  const frameType = groups.text(TAG.frameTypeGroup, TAG.frameType)
  const agents = top.items(TAG.contrastAgentSequence).length > 0
  return {
    modality: instance.modality,
    seriesDescription: top.text(TAG.seriesDescription),
    protocolName: top.text(TAG.protocolName),
    sequenceName: top.text(TAG.sequenceName) ?? top.text(TAG.pulseSequenceName),
    imageType: (frameType ?? top.text(TAG.imageType) ?? '').split('\\').map((part) => part.trim()),
    scanningSequence: top.texts(TAG.scanningSequence).filter((part) => part !== ''),
    sequenceVariant: top.texts(TAG.sequenceVariant).filter((part) => part !== ''),
    acquisitionType: top.text(TAG.acquisitionType),
    repetitionTimeMs: groups.number(TAG.timingGroup, TAG.repetitionTime),
    echoTimeMs: groups.number(TAG.echoGroup, TAG.effectiveEchoTime) ?? top.number(TAG.echoTime),
    inversionTimeMs:
      groups.number(TAG.modifierGroup, TAG.inversionTimes) ?? top.number(TAG.inversionTime),
    flipAngleDegrees: groups.number(TAG.timingGroup, TAG.flipAngle),
    echoNumber: top.number(TAG.echoNumber),
    diffusionBValue: groups.number(TAG.diffusionGroup, TAG.diffusionBValue),
    contrastAgent: top.text(TAG.contrastAgent) ?? (agents ? 'stated' : null),
  }
}
