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
 * Points are sorted along the wanted direction, and pairs are tried from the outside inwards: a pair cannot be longer than
 * its extent in that direction over the cosine of the tolerance, so that most pairs need not be looked at.
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
  const angle = (PERPENDICULAR_TOLERANCE_DEGREES * Math.PI) / 180
  const slope = Math.tan(angle)
  const reach = 1 / Math.cos(angle)
  const sorted = points
    .map((point) => ({
      point,
      along: point.x * ux + point.y * uy,
      across: point.y * ux - point.x * uy,
    }))
    .sort((a, b) => a.across - b.across)
  const last = sorted.length - 1
  for (let m = 0; m < last; m++) {
    const low = sorted[m]
    if ((sorted[last].across - low.across) * reach <= longest.lengthMm) break
    for (let n = last; n > m; n--) {
      const extent = sorted[n].across - low.across
      if (extent * reach <= longest.lengthMm) break
      const drift = sorted[n].along - low.along
      if (Math.abs(drift) > slope * extent) continue
      const lengthMm = Math.sqrt(extent * extent + drift * drift)
      if (lengthMm > longest.lengthMm) {
        longest = { from: low.point, to: sorted[n].point, lengthMm }
      }
    }
  }
  return longest
}
