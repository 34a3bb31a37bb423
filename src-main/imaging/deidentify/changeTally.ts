import type { ElementChange } from '../../contract/index.ts'

/** Counts what became of elements; it is never given a value. */
export interface ChangeTally {
  add(tag: string, name: string, action: ElementChange['action'], count?: number): void
  /** In the order of tags. */
  changes(): ElementChange[]
}

export function createChangeTally(): ChangeTally {
  const changes = new Map<string, ElementChange>()
  return {
    add: (tag, name, action, count = 1) => {
      const key = `${tag}|${action}`
      const before = changes.get(key)?.count ?? 0
      changes.set(key, { tag, name, action, count: before + count })
    },
    changes: () =>
      [...changes.values()].sort((left, right) =>
        left.tag === right.tag
          ? left.action.localeCompare(right.action)
          : left.tag < right.tag
            ? -1
            : 1,
      ),
  }
}
