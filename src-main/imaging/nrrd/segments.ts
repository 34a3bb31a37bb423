/** A segment as 3D Slicer describes it in a `.seg.nrrd`. */
export interface NrrdSegment {
  readonly name: string
  /** Value of its voxels in its layer. */
  readonly value: number
  /** Which of the file's images it lies in. */
  readonly layer: number
  /** Terminology entry and status as written. */
  readonly tags: string
}

const MAX_SEGMENTS = 1000

/** The segments that key/value pairs describe, in order; none where the file is no 3D Slicer segmentation. */
export function readSegments(keyValues: ReadonlyMap<string, string>): NrrdSegment[] {
  const segments: NrrdSegment[] = []
  for (let index = 0; index < MAX_SEGMENTS; index++) {
    const field = (name: string): string | undefined => keyValues.get(`Segment${index}_${name}`)
    const name = field('Name') ?? field('ID')
    if (name === undefined) break
    segments.push({
      name,
      value: wholeNumber(field('LabelValue'), index + 1),
      layer: wholeNumber(field('Layer'), 0),
      tags: field('Tags') ?? '',
    })
  }
  return segments
}

const wholeNumber = (text: string | undefined, fallback: number): number => {
  const value = Number(text)
  return text !== undefined && text.trim() !== '' && Number.isSafeInteger(value) && value >= 0
    ? value
    : fallback
}
