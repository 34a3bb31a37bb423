import { rm } from 'node:fs/promises'
import type { Workspace } from '../../storage/index.ts'
import { findLabelCase, type LabelCase } from './labelCase.ts'
import { openLabel, type OpenLabel } from './openLabel.ts'

/**
 * Hands out opened labelmaps, one caller a case at a time. Keeps the most recently used in memory (a labelmap
 * takes one byte a voxel, its history what its deltas take); the rest is closed and read again from its journal.
 */
export interface LabelStore {
  /** Runs `work` alone on the case. */
  withLabel<T>(
    caseId: string,
    work: (label: OpenLabel, labelCase: LabelCase) => Promise<T>,
  ): Promise<T>
  /**
   * Runs `change` alone on the case, whose label then starts anew from its newest version on the case's grid: its journal
   * is removed after `change` has succeeded.
   */
  restart<T>(caseId: string, change: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

const KEPT_OPEN = 6

interface Slot {
  /** The end of the line of callers. */
  tail: Promise<unknown>
  label: OpenLabel | null
  labelCase: LabelCase
  waiting: number
}

export function createLabelStore(workspace: Workspace): LabelStore {
  /** In order of last use, oldest first. */
  const slots = new Map<string, Slot>()

  const closeIdle = async (): Promise<void> => {
    const idle = [...slots].filter(([, slot]) => slot.waiting === 0)
    for (const [caseId, slot] of idle.slice(0, Math.max(0, slots.size - KEPT_OPEN))) {
      slots.delete(caseId)
      await slot.label?.close()
    }
  }
  return {
    withLabel: async (caseId, work) => {
      const slot: Slot = slots.get(caseId) ?? {
        tail: Promise.resolve(),
        label: null,
        labelCase: findLabelCase(workspace, caseId),
        waiting: 0,
      }
      slots.delete(caseId)
      slots.set(caseId, slot)
      slot.waiting++
      const turn = slot.tail.then(async () => {
        slot.label ??= await openLabel(workspace, slot.labelCase)
        return work(slot.label, slot.labelCase)
      })
      slot.tail = turn.catch(() => undefined)
      try {
        return await turn
      } finally {
        slot.waiting--
        await closeIdle()
      }
    },
    restart: (caseId, change) => {
      const slot = slots.get(caseId)
      const turn = (slot?.tail ?? Promise.resolve()).then(async () => {
        const result = await change()
        await slot?.label?.close()
        await rm(workspace.journalPath(caseId), { force: true })
        if (slot) {
          slot.label = null
          slot.labelCase = findLabelCase(workspace, caseId)
        }
        return result
      })
      if (slot) slot.tail = turn.catch(() => undefined)
      return turn
    },
    close: async () => {
      for (const slot of slots.values()) {
        await slot.tail
        await slot.label?.close()
      }
      slots.clear()
    },
  }
}
