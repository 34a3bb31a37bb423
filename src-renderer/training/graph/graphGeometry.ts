/** Where a node is drawn, in units of the drawing; x to the right, y downwards. */
export interface NodeBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A slice of the patch as the drawing shows it, behind its cells. */
export interface SliceBox extends NodeBox {
  readonly slice: number
}

export interface GraphGeometry {
  readonly width: number
  readonly height: number
  readonly student: readonly NodeBox[]
  readonly teacher: readonly NodeBox[]
  readonly studentSlices: readonly SliceBox[]
  readonly teacherSlices: readonly SliceBox[]
}

const WIDTH = 256
const SLICE_GAP = 6
/** Height that the lines between the networks have. */
const BETWEEN = 76
const TALLEST_CELL = 26

/**
 * Lays the nodes of one layer out: the student's above, the teacher's below, each as a row of axial slices from the feet
 * up, seen as a reader does (front up, the patient's right at the left). The same place stands below itself.
 *
 * @param grid cells along z, y, x; null where nodes are classes, which stand in one row
 * @param count nodes of a network
 */
export function graphGeometry(
  grid: readonly [number, number, number] | null,
  count: number,
): GraphGeometry {
  const [slices, rows, columns] = grid ?? [count, 1, 1]
  const room = WIDTH - (slices - 1) * SLICE_GAP
  const cellWidth = room / (slices * columns)
  const cellHeight = Math.min(cellWidth, TALLEST_CELL)
  const sliceWidth = columns * cellWidth
  const block = rows * cellHeight
  const place = (node: number, top: number): NodeBox => {
    const column = node % columns
    const row = Math.floor(node / columns) % rows
    const slice = Math.floor(node / (columns * rows))
    return {
      x: slice * (sliceWidth + SLICE_GAP) + (columns - 1 - column) * cellWidth,
      y: top + (rows - 1 - row) * cellHeight,
      width: cellWidth,
      height: cellHeight,
    }
  }
  const nodes = (top: number): NodeBox[] => Array.from({ length: count }, (_, i) => place(i, top))
  const sliceBoxes = (top: number): SliceBox[] =>
    Array.from({ length: slices }, (_, slice) => ({
      slice,
      x: slice * (sliceWidth + SLICE_GAP),
      y: top,
      width: sliceWidth,
      height: block,
    }))
  const below = block + BETWEEN
  return {
    width: WIDTH,
    height: below + block,
    student: nodes(0),
    teacher: nodes(below),
    studentSlices: sliceBoxes(0),
    teacherSlices: sliceBoxes(below),
  }
}

/** A line from a student's node to a teacher's, leaving and arriving upright. */
export function edgePath(from: NodeBox, to: NodeBox): string {
  const [x1, y1] = [from.x + from.width / 2, from.y + from.height / 2]
  const [x2, y2] = [to.x + to.width / 2, to.y + to.height / 2]
  const middle = (y1 + y2) / 2
  const at = (x: number, y: number): string => `${x.toFixed(1)} ${y.toFixed(1)}`
  return `M ${at(x1, y1)} C ${at(x1, middle)}, ${at(x2, middle)}, ${at(x2, y2)}`
}
