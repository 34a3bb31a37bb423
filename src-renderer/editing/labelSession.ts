import { shallowReactive } from 'vue'
import type {
  EditEntry,
  EditResult,
  LabelOperation,
  LabelSession as SessionRecord,
  LabelVersion,
  ProposalScope,
  VolumeGrid,
  VolumeRef,
} from '../../src-main/contract/index.ts'
import {
  applyDelta,
  deltaFromBase64,
  deltaToBase64,
  type LabelDelta,
} from '../../src-main/imaging/labelmap/index.ts'
import type { Api } from '../app/index.ts'
import { deltaOfChanges } from './deltaOfChanges.ts'
import { LabelEdit, type EditTarget, type LabelLocks } from './labelEdit.ts'
import { LabelTally } from './labelTally.ts'

export type LabelApi = Pick<Api, 'labels' | 'proposals'>

export interface LabelSessionPorts {
  api: LabelApi
  /** Fetches the voxels of a labelmap. */
  fetchLabels: (ref: VolumeRef) => Promise<Uint8Array>
  /** Told when an edit could not be kept; the labelmap on screen is the stored one again by then. */
  onLost: (error: unknown) => void
}

/** What of a session the page shows; replaced field by field, never mutated inside. */
export interface SessionState {
  cursor: number
  history: readonly EditEntry[]
  /** By how many edits the labelmap differs from the last saved version. */
  unsavedEdits: number
  recovered: SessionRecord['recovered']
  baseVersionId: string | null
  /** Edits on their way to the journal. */
  pending: number
  /** Rises with every change of a voxel, so that views know to draw again. */
  revision: number
  /** False while something other than a stroke is changing the labelmap: strokes have to wait. */
  editable: boolean
}

/**
 * The labelmap a reader works on. Strokes show at once and follow to the journal in order, one request at a
 * time; undo, redo, accept and restore are answered by the core with the voxels to change. Whatever goes
 * wrong, the session falls back to what the core has stored.
 */
export class LabelSession implements EditTarget {
  readonly caseId: string
  readonly grid: VolumeGrid
  readonly labels: Uint8Array
  readonly state: SessionState
  tally: LabelTally
  private readonly ports: LabelSessionPorts
  private queue: Promise<unknown> = Promise.resolve()
  /** Rises when the labelmap is reloaded: whatever was under way then belongs to a past that is gone. */
  private generation = 0
  private readonly generationOf = new WeakMap<LabelEdit, number>()
  private blockers = 0

  private constructor(ports: LabelSessionPorts, record: SessionRecord, labels: Uint8Array) {
    this.ports = ports
    this.caseId = record.caseId
    this.grid = record.volume.grid
    this.labels = labels
    this.tally = LabelTally.of(labels)
    this.state = shallowReactive({
      cursor: record.cursor,
      history: record.history,
      unsavedEdits: record.unsavedEdits ?? 0,
      recovered: record.recovered,
      baseVersionId: record.baseVersionId,
      pending: 0,
      revision: 0,
      editable: true,
    })
  }

  /** Opens a case's working labelmap, journal replayed. Rejects with the core's error. */
  static async open(ports: LabelSessionPorts, caseId: string): Promise<LabelSession> {
    const record = await ports.api.labels.open({ caseId })
    return new LabelSession(ports, record, await ports.fetchLabels(record.volume))
  }

  /** Starts an undo step. Paint into it, call `touch` to show it, then `commit` it. */
  beginEdit(value: number, locks: LabelLocks): LabelEdit {
    const edit = new LabelEdit(this, value, locks)
    this.generationOf.set(edit, this.generation)
    return edit
  }

  /** Tells the views that voxels changed. */
  touch(): void {
    this.state.revision++
  }

  /**
   * Hands a finished edit to the journal. Resolves when it is durable; an edit that changed nothing is
   * dropped. Never rejects: a failure goes to `onLost`.
   */
  commit(edit: LabelEdit, title: string): Promise<void> {
    this.touch()
    if (this.generationOf.get(edit) !== this.generation || edit.changedVoxels === 0) {
      return Promise.resolve()
    }
    const delta = deltaToBase64(deltaOfChanges(edit.changes(), this.labels.length))
    return this.enqueue(async () => {
      const { cursor } = this.state
      this.take(await this.ports.api.labels.append({ caseId: this.caseId, cursor, title, delta }))
    })
  }

  /** Takes the newest edit back; does nothing where there is none. */
  undo(): Promise<void> {
    // Whether there is one is asked when it is this step's turn: a stroke before it may still be under way.
    return this.remoteEdit(async () =>
      this.state.history.some((entry) => !entry.undone)
        ? await this.ports.api.labels.undo({ caseId: this.caseId, cursor: this.state.cursor })
        : null,
    )
  }

  /** Applies the oldest undone edit again; does nothing where there is none. */
  redo(): Promise<void> {
    return this.remoteEdit(async () =>
      this.state.history.some((entry) => entry.undone)
        ? await this.ports.api.labels.redo({ caseId: this.caseId, cursor: this.state.cursor })
        : null,
    )
  }

  /** Takes a proposal, or part of it, into the labelmap; locked classes stay as they are. */
  accept(proposalId: string, scope: ProposalScope, locks: LabelLocks): Promise<void> {
    const locked = lockedLabels(locks)
    return this.remoteEdit(() =>
      this.ports.api.proposals.accept({ proposalId, cursor: this.state.cursor, scope, locked }),
    )
  }

  /** Cleans up, smooths, grows … the whole labelmap; rejects with the core's refusal.  */
  apply(operation: LabelOperation, locks: LabelLocks): Promise<void> {
    return this.remoteEdit(() =>
      this.ports.api.labels.applyOperation({
        caseId: this.caseId,
        cursor: this.state.cursor,
        operation,
        locked: lockedLabels(locks),
      }),
    )
  }

  /** Makes the labelmap that of an older version; itself an undo step. */
  restore(versionId: string): Promise<void> {
    return this.remoteEdit(() =>
      this.ports.api.labels.restoreVersion({
        caseId: this.caseId,
        cursor: this.state.cursor,
        versionId,
      }),
    )
  }

  /** Saves the labelmap as a new version once every stroke is in the journal. Rejects with the core's error. */
  async saveVersion(note: string): Promise<LabelVersion> {
    let saved: LabelVersion | null = null
    let failure: unknown = null
    await this.enqueue(async () => {
      try {
        const { cursor } = this.state
        saved = await this.ports.api.labels.saveVersion({ caseId: this.caseId, cursor, note })
      } catch (error) {
        // A version that could not be written (a full disk) loses no stroke: they stay in the journal.
        failure = error
        return
      }
      // A version may begin a new journal: what its cursor and history are is the core's to say.
      this.takeRecord(await this.ports.api.labels.open({ caseId: this.caseId }))
    })
    if (saved) return saved
    throw failure ?? new Error('The labelmap was reloaded before the version was saved.')
  }

  /** Gives up what is not stored and shows what is. */
  async reload(): Promise<void> {
    const generation = ++this.generation
    this.block()
    try {
      const record = await this.ports.api.labels.open({ caseId: this.caseId })
      const labels = await this.ports.fetchLabels(record.volume)
      if (generation !== this.generation) return
      this.labels.set(labels)
      this.tally = LabelTally.of(this.labels)
      this.takeRecord(record)
      this.touch()
    } finally {
      this.unblock()
    }
  }

  /** Resolves when nothing is on its way to the journal. */
  async settled(): Promise<void> {
    let seen: Promise<unknown>
    do {
      seen = this.queue
      await seen
    } while (seen !== this.queue)
  }

  /**
   * Lets the core change the labelmap. A refusal (nothing under the cursor, a full disk) changed nothing and
   * rejects; only a stale cursor means that this window is behind, and reloads.
   */
  private async remoteEdit(call: () => Promise<EditResult | null>): Promise<void> {
    this.block()
    let refusal: { error: unknown } | null = null
    try {
      await this.enqueue(async () => {
        let result: EditResult | null
        try {
          result = await call()
        } catch (error) {
          if (isStale(error)) throw error
          refusal = { error }
          return
        }
        if (!result) return
        if (result.appliedDelta !== null) {
          this.applyDelta(deltaFromBase64(result.appliedDelta, this.labels.length))
        }
        this.take(result)
      })
    } finally {
      this.unblock()
    }
    if (refusal) throw (refusal as { error: unknown }).error
  }

  private applyDelta(delta: LabelDelta): void {
    applyDelta(this.labels, delta)
    for (const run of delta.runs) {
      for (let n = 0; n < run.length; n++) this.tally.move(run.start + n, run.before, run.after)
    }
    this.touch()
  }

  private take(result: EditResult): void {
    this.state.cursor = result.cursor
    this.state.history = result.history
    this.state.unsavedEdits = result.unsavedEdits ?? this.state.unsavedEdits
  }

  private takeRecord(record: SessionRecord): void {
    this.state.cursor = record.cursor
    this.state.history = record.history
    this.state.unsavedEdits = record.unsavedEdits ?? 0
    this.state.baseVersionId = record.baseVersionId
  }

  private enqueue(task: () => Promise<void>): Promise<void> {
    const generation = this.generation
    this.state.pending++
    const run = this.queue.then(async () => {
      try {
        if (generation === this.generation) await task()
      } catch (error) {
        if (generation !== this.generation) return
        await this.reload().catch(() => undefined)
        this.ports.onLost(error)
      } finally {
        this.state.pending--
      }
    })
    this.queue = run
    return run
  }

  private block(): void {
    this.blockers++
    this.state.editable = false
  }

  private unblock(): void {
    this.blockers--
    if (this.blockers === 0) this.state.editable = true
  }
}

const lockedLabels = (locks: LabelLocks): number[] =>
  [...locks.keys()].filter((label) => locks[label])

const isStale = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'STALE_EDIT'
