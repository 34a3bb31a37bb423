import type { DataSet } from '../read/dataSet.ts'
import { dicomProblem } from '../read/dicomProblem.ts'
import { SEGMENTATION_TAG } from '../read/segmentationTags.ts'
import type { CodedConcept, DicomSegment } from './segmentationObject.ts'

/** The code of "Background", by which a label map may name the pixels of no segment (PS3.3 C.8.20.2). */
const BACKGROUND = '125040'

/**
 * The segments that a segmentation describes, but for the background of a label map.
 *
 * @throws GliadeskError BAD_FILE where a segment has no number of its own
 */
export function readSegments(dataSet: DataSet, name: string, isLabelMap: boolean): DicomSegment[] {
  const segments: DicomSegment[] = []
  const numbers = new Set<number>()
  for (const item of dataSet.items(SEGMENTATION_TAG.segments)) {
    const number = item.number(SEGMENTATION_TAG.segmentNumber)
    if (number === null || numbers.has(number)) {
      throw dicomProblem(
        name,
        number === null
          ? 'one of its segments has no number.'
          : `two of its segments have the number ${number}.`,
        'Export the segmentation again from the program that drew it.',
      )
    }
    numbers.add(number)
    const type = readCode(item.item(SEGMENTATION_TAG.segmentType))
    if (isLabelMap && (number === 0 || type?.value === BACKGROUND)) continue
    segments.push({
      number,
      label: item.text(SEGMENTATION_TAG.segmentLabel) ?? `Segment ${number}`,
      type,
      algorithmType: item.text(SEGMENTATION_TAG.algorithmType) ?? '',
      algorithmName: item.text(SEGMENTATION_TAG.algorithmName),
    })
  }
  return segments
}

function readCode(item: DataSet | null): CodedConcept | null {
  const value = item?.text(SEGMENTATION_TAG.codeValue)
  if (!item || !value) return null
  return {
    scheme: item.text(SEGMENTATION_TAG.codeScheme) ?? '',
    value,
    meaning: item.text(SEGMENTATION_TAG.codeMeaning) ?? value,
  }
}
