import { byteLengthOf, type PreparedCase } from './preparedCase.ts'

/** Loads cases once and keeps as many as fit in memory. */
export interface CaseCache {
  /** The case, loaded if need be. A failed load is tried again at the next call. */
  get(caseId: string): Promise<PreparedCase>
  /** Starts loading without waiting; a failure surfaces at `get`. */
  prefetch(caseId: string): void
  /** Bytes held by cases whose loading has ended. */
  readonly heldBytes: number
}

interface Entry {
  readonly loading: Promise<PreparedCase>
  bytes: number
}

/**
 * A cache bounded by bytes; the case that was asked for longest ago goes first. One case larger than the budget is
 * handed out and kept alone.
 */
export function createCaseCache(
  load: (caseId: string) => Promise<PreparedCase>,
  budgetBytes: number,
): CaseCache {
  // A Map iterates in insertion order; an entry that is used is inserted again, so the first is the oldest.
  const entries = new Map<string, Entry>()
  let heldBytes = 0

  const evict = (keep: string): void => {
    for (const [caseId, entry] of entries) {
      if (heldBytes <= budgetBytes) return
      if (caseId === keep || entry.bytes === 0) continue
      entries.delete(caseId)
      heldBytes -= entry.bytes
    }
  }

  const get = (caseId: string): Promise<PreparedCase> => {
    const known = entries.get(caseId)
    if (known) {
      entries.delete(caseId)
      entries.set(caseId, known)
      return known.loading
    }
    const entry: Entry = { loading: load(caseId), bytes: 0 }
    entries.set(caseId, entry)
    entry.loading.then(
      (prepared) => {
        entry.bytes = byteLengthOf(prepared)
        heldBytes += entry.bytes
        evict(caseId)
      },
      () => entries.delete(caseId),
    )
    return entry.loading
  }

  return {
    get,
    prefetch: (caseId) => {
      get(caseId).catch(() => undefined)
    },
    get heldBytes() {
      return heldBytes
    },
  }
}
