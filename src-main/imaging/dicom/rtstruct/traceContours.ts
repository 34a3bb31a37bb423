/** A closed contour in pixels: column, row, column, row, …; pixel centres are whole numbers. The end joins the start. */
export type PixelContour = readonly (readonly [column: number, row: number])[]

/**
 * Marching squares: which edge midpoints of a cell of four pixels are joined, by the pixels that are inside (1 upper left,
 * 2 upper right, 4 lower right, 8 lower left). T, R, B, L are the cell's edges. The inside is to the left of each step as
 * the image is shown. Pixels that touch at a corner only are not joined.
 */
const STEPS: readonly (readonly (readonly [Edge, Edge])[])[] = [
  [],
  [['L', 'T']],
  [['T', 'R']],
  [['L', 'R']],
  [['R', 'B']],
  // prettier-ignore
  [['L', 'T'], ['R', 'B']],
  [['T', 'B']],
  [['L', 'B']],
  [['B', 'L']],
  [['B', 'T']],
  // prettier-ignore
  [['T', 'R'], ['B', 'L']],
  [['B', 'R']],
  [['R', 'L']],
  [['R', 'T']],
  [['T', 'L']],
  [],
]
type Edge = 'T' | 'R' | 'B' | 'L'
/** Midpoints from the cell's upper left pixel, in half pixels. */
const MIDPOINTS: Readonly<Record<Edge, readonly [number, number]>> = {
  T: [1, 0],
  R: [2, 1],
  B: [1, 2],
  L: [0, 1],
}

/**
 * The contours of a mask: they run through the midpoints between inner and outer pixels, so that exactly the centres of
 * inner pixels lie inside. Holes are contours of their own, which run the other way round.
 *
 * @param mask rows × columns, 0 outside
 */
export function traceContours(mask: Uint8Array, columns: number, rows: number): PixelContour[] {
  const width = 2 * columns + 2
  const keyOf = (x: number, y: number): number => x + 1 + width * (y + 1)
  const next = new Map<number, number>()
  const inside = (column: number, row: number): number =>
    column >= 0 && row >= 0 && column < columns && row < rows && mask[column + columns * row] !== 0
      ? 1
      : 0
  for (let row = -1; row < rows; row++) {
    for (let column = -1; column < columns; column++) {
      const cell =
        inside(column, row) +
        2 * inside(column + 1, row) +
        4 * inside(column + 1, row + 1) +
        8 * inside(column, row + 1)
      for (const [from, to] of STEPS[cell]) {
        const point = ([x, y]: readonly [number, number]): number =>
          keyOf(2 * column + x, 2 * row + y)
        next.set(point(MIDPOINTS[from]), point(MIDPOINTS[to]))
      }
    }
  }
  const contours: PixelContour[] = []
  for (const start of next.keys()) {
    const loop: [number, number][] = []
    let key: number | undefined = start
    while (key !== undefined && next.has(key)) {
      loop.push([((key % width) - 1) / 2, (Math.floor(key / width) - 1) / 2])
      const following: number | undefined = next.get(key)
      next.delete(key)
      key = following
    }
    if (loop.length > 2) contours.push(withoutStraightPoints(loop))
  }
  return contours
}

/** Twice the area, positive for holes and negative for outer contours. */
export function signedArea(contour: PixelContour): number {
  return contour.reduce((sum, [x, y], n) => {
    const [nextX, nextY] = contour[(n + 1) % contour.length]
    return sum + x * nextY - nextX * y
  }, 0)
}

function withoutStraightPoints(loop: readonly [number, number][]): PixelContour {
  return loop.filter(([x, y], n) => {
    const [beforeX, beforeY] = loop[(n + loop.length - 1) % loop.length]
    const [afterX, afterY] = loop[(n + 1) % loop.length]
    return (x - beforeX) * (afterY - y) !== (y - beforeY) * (afterX - x)
  })
}
