/** A point of a plane, mm. */
export interface PlanePoint {
  readonly x: number
  readonly y: number
}

const turn = (a: PlanePoint, b: PlanePoint, c: PlanePoint): number =>
  (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)

/**
 * Corners of the convex hull (Andrew's monotone chain, O(n log n)), without points on its edges.
 *
 * @returns one point for one, two for points on a line
 */
export function convexHull<T extends PlanePoint>(points: readonly T[]): T[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y)
  if (sorted.length < 3) return sorted
  const half = (ordered: readonly T[]): T[] => {
    const chain: T[] = []
    for (const point of ordered) {
      while (
        chain.length > 1 &&
        turn(chain[chain.length - 2], chain[chain.length - 1], point) <= 0
      ) {
        chain.pop()
      }
      chain.push(point)
    }
    return chain.slice(0, -1)
  }
  return [...half(sorted), ...half(sorted.reverse())]
}
