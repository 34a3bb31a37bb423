import { GliadeskError, type Recovery } from '../../contract/index.ts'
import {
  decodeDelta,
  encodeDelta,
  readLabelmap,
  type LabelDelta,
} from '../../imaging/labelmap/index.ts'
import { voxelCount } from '../../imaging/volume/index.ts'
import { createJournal, openJournal, type Journal, type Workspace } from '../../storage/index.ts'
import type { LabelCase } from './labelCase.ts'
import { createLabelHistory, type LabelHistory } from './labelHistory.ts'
import {
  decodeLabelRecord,
  encodeLabelRecord,
  type BaseRecord,
  type LabelRecord,
} from './labelRecord.ts'

/** A case's labelmap opened for editing: the history in memory and the journal that makes it durable. */
export interface OpenLabel {
  readonly history: LabelHistory
  baseVersionId(): string | null
  /** What a crash left; null after an orderly end. */
  readonly recovered: Recovery | null
  /** Each of these is on disk when it resolves, and changes nothing when it rejects. */
  edit(title: string, delta: LabelDelta): Promise<void>
  undo(): Promise<LabelDelta>
  redo(): Promise<LabelDelta>
  /**
   * Notes that the present state is that version; starts a new journal where the old one has grown long. Never
   * rejects: the version is stored already.
   */
  markSaved(versionId: string, objectSha256: string): Promise<void>
  close(): Promise<void>
}

/** What of a workspace a labelmap lives in. */
export type LabelStorage = Pick<
  Workspace,
  'files' | 'database' | 'objects' | 'journalPath' | 'endedUncleanly'
>

/** A journal longer than this is replaced by a new one when a version is saved; the undo history ends there. */
const JOURNAL_BUDGET_BYTES = 64 * 1024 * 1024

const now = (): string => new Date().toISOString()

/**
 * Rebuilds a case's labelmap from its base version and its journal; starts a journal where there is none.
 *
 * @param journalBudgetBytes how long a journal may grow before a save starts a new one
 */
export async function openLabel(
  workspace: LabelStorage,
  labelCase: LabelCase,
  journalBudgetBytes = JOURNAL_BUDGET_BYTES,
): Promise<OpenLabel> {
  const path = workspace.journalPath(labelCase.id)
  let journal = await openJournal(workspace.files, path)
  const droppedBytes = journal?.droppedBytes ?? 0
  if (!journal || journal.records.length === 0) {
    await journal?.close()
    const newest = workspace.database.get<{ id: string; object_sha256: string }>(
      'SELECT id, object_sha256 FROM label_versions WHERE case_id = :caseId ORDER BY number DESC LIMIT 1',
      { caseId: labelCase.id },
    )
    journal = await startJournal(
      workspace,
      labelCase,
      newest?.id ?? null,
      newest?.object_sha256 ?? null,
      0,
    )
  }
  const { history, baseVersionId } = await replay(workspace, labelCase, journal)
  const strokes = history.unsavedEdits()
  const crashed = droppedBytes > 0 || (workspace.endedUncleanly && strokes > 0)
  return editable(
    workspace,
    labelCase,
    journal,
    history,
    baseVersionId,
    crashed ? { strokes, droppedBytes } : null,
    journalBudgetBytes,
  )
}

async function startJournal(
  workspace: LabelStorage,
  labelCase: LabelCase,
  versionId: string | null,
  objectSha256: string | null,
  cursor: number,
): Promise<Journal> {
  const base: BaseRecord = {
    kind: 'base',
    caseId: labelCase.id,
    versionId,
    objectSha256,
    voxelCount: voxelCount(labelCase.grid.dims),
    cursor,
    at: now(),
  }
  const path = workspace.journalPath(labelCase.id)
  await createJournal(workspace.files, path, encodeLabelRecord(base))
  const journal = await openJournal(workspace.files, path)
  if (!journal) throw damagedJournal(labelCase)
  return journal
}

async function replay(
  workspace: LabelStorage,
  labelCase: LabelCase,
  journal: Journal,
): Promise<{ history: LabelHistory; baseVersionId: string | null }> {
  const records = journal.records.map(({ payload }) => decodeLabelRecord(payload))
  const base = records[0].record
  if (base.kind !== 'base' || base.voxelCount !== voxelCount(labelCase.grid.dims)) {
    throw damagedJournal(labelCase)
  }
  const labels = base.objectSha256
    ? (
        await readLabelmap(
          await workspace.objects.read(base.objectSha256),
          `${labelCase.name}.nii.gz`,
        )
      ).labels
    : new Uint8Array(base.voxelCount)
  const history = createLabelHistory(labels, base.cursor)
  let baseVersionId = base.versionId
  for (const { record, delta } of records.slice(1)) {
    if (record.kind === 'edit') {
      history.append(record.title, record.at, decodeDelta(delta, labels.length))
    } else if (record.kind === 'undo') history.undo()
    else if (record.kind === 'redo') history.redo()
    else if (record.kind === 'saved') {
      history.markSaved()
      baseVersionId = record.versionId
    }
  }
  return { history, baseVersionId }
}

function editable(
  workspace: LabelStorage,
  labelCase: LabelCase,
  openedJournal: Journal,
  history: LabelHistory,
  openedBaseVersionId: string | null,
  recovered: Recovery | null,
  journalBudgetBytes: number,
): OpenLabel {
  let journal = openedJournal
  let baseVersionId = openedBaseVersionId
  let currentHistory = history

  /** The change is made in memory first, because that checks it, and taken back if the disk refuses it. */
  const durably = async <T>(
    change: () => T,
    record: LabelRecord,
    delta?: Uint8Array<ArrayBuffer>,
  ) => {
    const takeBack = currentHistory.checkpoint()
    const result = change()
    try {
      await journal.append(encodeLabelRecord(record, delta))
    } catch (error) {
      takeBack()
      throw error
    }
    return result
  }
  return {
    get history() {
      return currentHistory
    },
    baseVersionId: () => baseVersionId,
    recovered,
    edit: (title, delta) => {
      const at = now()
      const changedVoxels = delta.runs.reduce((sum, run) => sum + run.length, 0)
      return durably(
        () => currentHistory.append(title, at, delta),
        { kind: 'edit', title, changedVoxels, at },
        new Uint8Array(encodeDelta(delta)),
      )
    },
    undo: () => durably(() => currentHistory.undo(), { kind: 'undo', at: now() }),
    redo: () => durably(() => currentHistory.redo(), { kind: 'redo', at: now() }),
    markSaved: async (versionId, objectSha256) => {
      try {
        if (journal.sizeBytes() > journalBudgetBytes) {
          const cursor = currentHistory.cursor()
          await journal.close()
          journal = await startJournal(workspace, labelCase, versionId, objectSha256, cursor)
          currentHistory = createLabelHistory(currentHistory.labels, cursor)
        } else {
          await journal.append(encodeLabelRecord({ kind: 'saved', versionId, at: now() }))
        }
      } catch {
        // The version itself is stored: without the note, its edits merely count as unsaved after a restart.
      }
      currentHistory.markSaved()
      baseVersionId = versionId
    },
    close: () => journal.close(),
  }
}

function damagedJournal(labelCase: LabelCase): GliadeskError {
  return new GliadeskError(
    'BAD_FILE',
    `The edit journal of ${labelCase.name} does not belong to this case’s grid.`,
    'Move the file of this case out of the workspace’s journals folder; every saved version is still there.',
  )
}
