import type { GraphSnapshot } from '../../../src-main/contract/index.ts'

export type GraphLayer = GraphSnapshot['layers'][number]

/** A line of the drawing. */
export interface GraphEdge {
  readonly student: number
  readonly teacher: number
  readonly cosine: number
  /** Whether it joins the same place in both networks. */
  readonly isOwn: boolean
}

/**
 * The lines to draw: of every student node the one to its nearest teacher node, or, of a chosen node, all that are known.
 *
 * @param threshold smallest cosine that is drawn
 */
export function edgesToDraw(
  layer: GraphLayer,
  threshold: number,
  chosen: number | null,
): GraphEdge[] {
  const seen = new Set<number>()
  return layer.edges.flatMap(([student, teacher, cosine]) => {
    const isNearest = !seen.has(student)
    seen.add(student)
    const isWanted = chosen === null ? isNearest : student === chosen
    return isWanted && cosine >= threshold
      ? [{ student, teacher, cosine, isOwn: student === teacher }]
      : []
  })
}

/** How far a layer has come. */
export interface LayerSummary {
  readonly present: number
  /** Nodes whose nearest teacher node is the one of their own place. */
  readonly matched: number
  /** Mean cosine with the teacher's node of the same place; null without nodes. */
  readonly meanOwn: number | null
  /** The same over the nodes that touch the tumour. */
  readonly meanOwnAtTumour: number | null
}

export function summariseLayer(
  layer: GraphLayer,
  { present, touchesTumour }: Pick<GraphSnapshot, 'present' | 'touchesTumour'>,
): LayerSummary {
  const nearest = new Map<number, number>()
  for (const [student, teacher] of layer.edges) {
    if (!nearest.has(student)) nearest.set(student, teacher)
  }
  const mean = (values: readonly (number | null)[]): number | null => {
    const known = values.filter((value) => value !== null)
    return known.length > 0 ? known.reduce((a, b) => a + b, 0) / known.length : null
  }
  const count = present.filter(Boolean).length
  return {
    present: count,
    matched: [...nearest].filter(([student, teacher]) => student === teacher).length,
    meanOwn: mean(layer.own),
    meanOwnAtTumour: mean(layer.own.filter((_, i) => touchesTumour[i])),
  }
}

/** Steps of the selection by the arrow keys, as the drawing lies: right on the screen is towards the patient's left. */
export const NODE_KEYS: Readonly<Record<string, readonly [number, number, number]>> = {
  ArrowLeft: [0, 0, 1],
  ArrowRight: [0, 0, -1],
  ArrowUp: [0, 1, 0],
  ArrowDown: [0, -1, 0],
  PageUp: [1, 0, 0],
  PageDown: [-1, 0, 0],
}

/** The node a key leads to; the nearest one at the border. Without a chosen node, the first. */
export function neighbourNode(
  chosen: number | null,
  [dz, dy, dx]: readonly [number, number, number],
  grid: readonly [number, number, number] | null,
  count: number,
): number {
  if (chosen === null) return 0
  const [slices, rows, columns] = grid ?? [1, 1, count]
  // Classes and slices alone stand in one row, so left and right walk along it.
  if (!grid || (rows === 1 && columns === 1)) {
    const forward = grid ? dz - dx : -dx
    return Math.min(count - 1, Math.max(0, chosen + forward))
  }
  const within = (value: number, extent: number): number => Math.min(extent - 1, Math.max(0, value))
  const x = within((chosen % columns) + dx, columns)
  const y = within((Math.floor(chosen / columns) % rows) + dy, rows)
  const z = within(Math.floor(chosen / (columns * rows)) + dz, slices)
  return (z * rows + y) * columns + x
}
