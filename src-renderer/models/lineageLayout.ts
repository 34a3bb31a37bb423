import type { Model } from '../../src-main/contract/index.ts'

export interface LineageNode {
  readonly model: Model
  /** Place in the grid: generation from the left, row from the top. */
  readonly column: number
  readonly row: number
}

export interface LineageEdge {
  readonly from: LineageNode
  readonly to: LineageNode
  /** `teacher`: distilled from; `parent`: fine-tuned from. */
  readonly kind: 'teacher' | 'parent'
}

export interface Lineage {
  readonly nodes: readonly LineageNode[]
  readonly edges: readonly LineageEdge[]
  readonly columns: number
  readonly rows: number
}

/**
 * Places models as trees that grow to the right. A model hangs on what it was fine-tuned from, else on its teacher; a
 * model whose ancestor is not in the list is a root. The first child stays on its parent's row, every further one
 * opens a new row, so that no two models share a place.
 *
 * @param models - in any order; trees and siblings are placed in order of their making
 */
export const layOutLineage = (models: readonly Model[]): Lineage => {
  const byAge = models.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt, 'en'))
  const known = new Set(byAge.map((model) => model.id))
  const ancestorOf = (model: Model): string | null =>
    [model.parentId, model.teacherId].find(
      (id) => id !== null && id !== model.id && known.has(id),
    ) ?? null
  const children = Map.groupBy(byAge, ancestorOf)
  const placed = new Map<string, LineageNode>()
  let nextRow = 0

  const place = (model: Model, column: number): void => {
    if (placed.has(model.id)) return
    const node = { model, column, row: nextRow }
    placed.set(model.id, node)
    const descendants = children.get(model.id) ?? []
    if (descendants.length === 0) nextRow += 1
    descendants.forEach((child) => place(child, column + 1))
  }
  children.get(null)?.forEach((root) => place(root, 0))
  // Only a circle of ancestors, which no training can make, is left over: show it rather than lose it.
  byAge.forEach((model) => place(model, 0))

  const nodes = [...placed.values()]
  const edge = (to: LineageNode, id: string | null, kind: LineageEdge['kind']): LineageEdge[] => {
    const from = id === null ? undefined : placed.get(id)
    return from && from !== to ? [{ from, to, kind }] : []
  }
  return {
    nodes,
    edges: nodes.flatMap((node) => [
      ...edge(node, node.model.parentId, 'parent'),
      ...edge(node, node.model.teacherId, 'teacher'),
    ]),
    columns: Math.max(0, ...nodes.map((node) => node.column + 1)),
    rows: Math.max(0, ...nodes.map((node) => node.row + 1)),
  }
}
