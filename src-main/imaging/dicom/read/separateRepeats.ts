import type { DicomFrame } from './dicomInstance.ts'

/** Places nearer than this, in mm along the normal, are one. */
const SAME_PLACE_MM = 0.01

/**
 * Takes apart a stack that covers the same places several times (repeats, dynamic series) and drops instances that
 * came twice. Repeats are told by acquisition number, else by the order of instance numbers; where places are not all
 * repeated equally often, the frames stay together and the geometry says so.
 *
 * @returns the repeats in order, and how many instances came twice
 */
export function separateRepeats(frames: readonly DicomFrame[]): {
  stacks: DicomFrame[][]
  copies: number
} {
  const seen = new Map<string, DicomFrame>()
  for (const frame of frames) seen.set(`${frame.instance.sopInstanceUid}/${frame.index}`, frame)
  const distinct = [...seen.values()]
  const copies = frames.length - distinct.length
  const places = groupByPlace(distinct)
  const counts = new Set(places.map(({ length }) => length))
  const [repeats] = counts
  if (counts.size !== 1 || repeats === 1) return { stacks: [distinct], copies }
  for (const place of places) place.sort(inOrder)
  return {
    stacks: Array.from({ length: repeats }, (_, repeat) => places.map((place) => place[repeat])),
    copies,
  }
}

function inOrder(left: DicomFrame, right: DicomFrame): number {
  return (
    (left.acquisitionNumber ?? 0) - (right.acquisitionNumber ?? 0) ||
    (left.instance.instanceNumber ?? 0) - (right.instance.instanceNumber ?? 0) ||
    left.index - right.index
  )
}

function groupByPlace(frames: readonly DicomFrame[]): DicomFrame[][] {
  if (frames.length === 0) return []
  const [a, b, c, d, e, f] = frames[0].orientation
  const normal = [b * f - c * e, c * d - a * f, a * e - b * d]
  const placed = frames
    .map((frame) => ({
      frame,
      place: frame.positionMm.reduce((sum, value, axis) => sum + value * normal[axis], 0),
    }))
    .sort((left, right) => left.place - right.place)
  const places: DicomFrame[][] = []
  let previous = -Infinity
  for (const { frame, place } of placed) {
    if (place - previous > SAME_PLACE_MM) places.push([])
    places[places.length - 1].push(frame)
    previous = place
  }
  return places
}
