import { signedArea, type PixelContour } from './traceContours.ts'

type Point = readonly [number, number]

/**
 * Joins every hole to the contour around it by a channel of no width (the keyhole of PS3.3 C.8.8.6.3), because a closed
 * planar contour has no other way to have a hole. Channels run along a row, from the leftmost point of the hole to the
 * first contour on its left; holes are joined from left to right, so that this contour is complete already.
 *
 * @param contours as `traceContours` gives them
 * @returns one contour for every connected area
 */
export function keyholes(contours: readonly PixelContour[]): PixelContour[] {
  const joined = contours
    .filter((contour) => signedArea(contour) < 0)
    .map((contour) => [...contour])
  const holes = contours
    .filter((contour) => signedArea(contour) > 0)
    .map(fromLeftmost)
    .sort((first, second) => first[0][0] - second[0][0])
  for (const hole of holes) {
    const [x, y] = hole[0]
    const hit = firstOnTheLeft(joined, x, y)
    if (!hit) continue
    const at: Point = [hit.x, y]
    hit.contour.splice(hit.index + 1, 0, at, ...hole, hole[0], at)
  }
  return joined
}

/** The same loop, begun at its leftmost point, of several the uppermost. */
function fromLeftmost(contour: PixelContour): PixelContour {
  let first = 0
  for (const [index, [x, y]] of contour.entries()) {
    const [leftX, leftY] = contour[first]
    if (x < leftX || (x === leftX && y < leftY)) first = index
  }
  return [...contour.slice(first), ...contour.slice(0, first)]
}

interface Hit {
  readonly contour: Point[]
  /** The edge that was hit begins at this point. */
  readonly index: number
  readonly x: number
}

function firstOnTheLeft(contours: readonly Point[][], x: number, y: number): Hit | null {
  let nearest: Hit | null = null
  for (const contour of contours) {
    for (const [index, [x0, y0]] of contour.entries()) {
      const [x1, y1] = contour[(index + 1) % contour.length]
      if (y0 === y1 || y < Math.min(y0, y1) || y > Math.max(y0, y1)) continue
      const crossing = x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)
      if (crossing < x && (!nearest || crossing > nearest.x))
        nearest = { contour, index, x: crossing }
    }
  }
  return nearest
}
