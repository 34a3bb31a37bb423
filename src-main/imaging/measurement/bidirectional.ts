import { convexHull, type PlanePoint } from './convexHull.ts'

/** Two points and their distance. */
export interface Chord<T extends PlanePoint> {
  readonly from: T
  readonly to: T
  readonly lengthMm: number
}

/** How far a perpendicular diameter may be off a right angle: points of a lattice seldom meet it exactly. */
export const PERPENDICULAR_TOLERANCE_DEGREES = 5

/**
 * The two points that lie furthest apart. They are corners of the convex hull, so only those are compared.
 *
 * @param points at least one; of one alone the length is 0
 */
export function longestChord<T extends PlanePoint>(points: readonly T[]): Chord<T> {
  const hull = convexHull(points)
  let longest: Chord<T> = { from: hull[0], to: hull[0], lengthMm: 0 }
  for (const [index, from] of hull.entries()) {
    for (const to of hull.slice(index + 1)) {
      const lengthMm = Math.hypot(to.x - from.x, to.y - from.y)
      if (lengthMm > longest.lengthMm) longest = { from, to, lengthMm }
    }
  }
  return longest
}

/**
 * The longest of all chords that stand perpendicular on another one, within the tolerance.
 *
 * @param points at least one; without any such chord the length is 0
 */
export function perpendicularChord<T extends PlanePoint>(
  points: readonly T[],
  to: Chord<PlanePoint>,
): Chord<T> {
  let longest: Chord<T> = { from: points[0], to: points[0], lengthMm: 0 }
  if (to.lengthMm === 0) return longest
  const ux = (to.to.x - to.from.x) / to.lengthMm
  const uy = (to.to.y - to.from.y) / to.lengthMm
  const slope = Math.sin((PERPENDICULAR_TOLERANCE_DEGREES * Math.PI) / 180)
  for (let m = 0; m < points.length; m++) {
    for (let n = m + 1; n < points.length; n++) {
      const dx = points[n].x - points[m].x
      const dy = points[n].y - points[m].y
      const lengthMm = Math.hypot(dx, dy)
      if (lengthMm <= longest.lengthMm) continue
      if (Math.abs(dx * ux + dy * uy) > slope * lengthMm) continue
      longest = { from: points[m], to: points[n], lengthMm }
    }
  }
  return longest
}
