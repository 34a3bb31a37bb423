import { GliadeskError, type EditEntry } from '../../contract/index.ts'
import {
  applyDelta,
  decodeDelta,
  deltaVoxelCount,
  encodeDelta,
  invertDelta,
  type LabelDelta,
} from '../../imaging/labelmap/index.ts'

interface Step extends EditEntry {
  /** Kept encoded: a decoded run takes some twenty times the room. */
  readonly delta: Uint8Array
}

/**
 * A labelmap being edited and the line of edits that led to it. Pure: it knows nothing of files; whoever
 * holds it makes each change durable. A new edit after an undo forgets what was undone.
 */
export interface LabelHistory {
  /** Canonical labels now. Treat as read-only. */
  readonly labels: Uint8Array
  /** Counts edits, undos and redos since the case was first opened. */
  cursor(): number
  entries(): EditEntry[]
  /**
   * Applies an edit.
   * @throws GliadeskError STALE_EDIT where it was made on another state; nothing is changed then
   */
  append(title: string, at: string, delta: LabelDelta): void
  /** Takes back the newest edit. @throws GliadeskError WRONG_STATE where there is none */
  undo(): LabelDelta
  /** Applies the oldest undone edit again. @throws GliadeskError WRONG_STATE where there is none */
  redo(): LabelDelta
  /** Returns a function that puts everything back as it is now, as long as at most one change follows. */
  checkpoint(): () => void
  /** Remembers the present state as saved. */
  markSaved(): void
  /** Number of edits by which the present state differs from the last saved one. */
  unsavedEdits(): number
}

/** @param labels the base state; the history works on it in place */
export function createLabelHistory(labels: Uint8Array, cursor: number): LabelHistory {
  let steps: Step[] = []
  let applied = 0
  let count = cursor
  /** Sequences of the edits in effect when the state was last saved. */
  let saved: number[] = []

  const undo = (): LabelDelta => {
    if (applied === 0) throw nothingTo('undo')
    const delta = invertDelta(decodeDelta(steps[applied - 1].delta, labels.length))
    applyDelta(labels, delta)
    applied--
    count++
    return delta
  }
  const redo = (): LabelDelta => {
    if (applied === steps.length) throw nothingTo('redo')
    const delta = decodeDelta(steps[applied].delta, labels.length)
    applyDelta(labels, delta)
    applied++
    count++
    return delta
  }
  return {
    labels,
    cursor: () => count,
    entries: () =>
      steps.map(({ sequence, title, at, changedVoxels }, index) => ({
        sequence,
        title,
        at,
        changedVoxels,
        undone: index >= applied,
      })),
    append: (title, at, delta) => {
      applyDelta(labels, delta)
      count++
      const step: Step = {
        sequence: count,
        title,
        at,
        changedVoxels: deltaVoxelCount(delta),
        undone: false,
        delta: encodeDelta(delta),
      }
      steps = [...steps.slice(0, applied), step]
      applied = steps.length
    },
    undo,
    redo,
    checkpoint: () => {
      const before = { steps, applied, count }
      return () => {
        if (count === before.count) return
        if (applied < before.applied) redo()
        else undo()
        ;({ steps, applied, count } = before)
      }
    },
    markSaved: () => {
      saved = steps.slice(0, applied).map((step) => step.sequence)
    },
    unsavedEdits: () => {
      const now = steps.slice(0, applied).map((step) => step.sequence)
      let common = 0
      while (common < now.length && now[common] === saved[common]) common++
      return now.length - common + (saved.length - common)
    },
  }
}

function nothingTo(what: 'undo' | 'redo'): GliadeskError {
  return new GliadeskError(
    'WRONG_STATE',
    `There is nothing to ${what} in this case.`,
    what === 'undo' ? 'Every edit has been taken back.' : 'No edit was undone since the last one.',
  )
}
