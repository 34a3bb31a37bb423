import {
  GliadeskError,
  type EditResult,
  type LabelOperation,
  type LabelSession,
  type LabelVersion,
} from '../../contract/index.ts'
import {
  deltaFromBase64,
  deltaToBase64,
  diffLabels,
  readLabelmap,
  volumesMl,
  writeLabelmap,
  type LabelDelta,
} from '../../imaging/labelmap/index.ts'
import type { Workspace } from '../../storage/index.ts'
import type { ChangeFeed } from '../changes/index.ts'
import type { SettingsService } from '../settings/index.ts'
import type { VolumeService } from '../volumes/index.ts'
import { exportPath } from './exportPath.ts'
import { findLabelCase, labelTemplate, type LabelCase } from './labelCase.ts'
import type { LabelStore } from './labelStore.ts'
import { labelOperationTitle } from './labelOperationTitle.ts'
import { addVersion, findVersion } from './labelVersions.ts'
import type { OpenLabel } from './openLabel.ts'
import { noteEditing } from './noteEditing.ts'
import { runLabelOperation } from './runLabelOperation.ts'
import { writeExport } from './writeExport.ts'

export interface LabelService {
  open(caseId: string): Promise<LabelSession>
  append(caseId: string, cursor: number, title: string, delta: string): Promise<EditResult>
  undo(caseId: string, cursor: number): Promise<EditResult>
  redo(caseId: string, cursor: number): Promise<EditResult>
  saveVersion(caseId: string, cursor: number, note: string): Promise<LabelVersion>
  restoreVersion(caseId: string, cursor: number, versionId: string): Promise<EditResult>
  exportVersion(caseId: string, versionId: string, path: string): Promise<{ path: string }>
  /**
   * One undo step computed from the labels as they are; `change` must not modify them.
   * @returns with `appliedDelta` set, or null where nothing differs
   */
  transform(
    caseId: string,
    cursor: number,
    title: string,
    change: (labels: Uint8Array, labelCase: LabelCase) => Promise<Uint8Array>,
  ): Promise<EditResult>
  /**
   * Carries out one operation on the whole labelmap as one undo step; nothing is added where nothing differs.
   *
   * @throws GliadeskError STALE_EDIT, NOT_FOUND (sequence), BAD_INPUT (locks)
   */
  applyOperation(
    caseId: string,
    cursor: number,
    operation: LabelOperation,
    locked: readonly number[],
  ): Promise<EditResult>
  unsavedEdits(caseId: string): Promise<number>
}

export function createLabelService(services: {
  workspace: Workspace
  store: LabelStore
  volumes: VolumeService
  settings: SettingsService
  changes: ChangeFeed
}): LabelService {
  const { workspace, store, volumes, settings, changes } = services
  const { database, objects, audit } = workspace

  const editAt = (
    caseId: string,
    cursor: number,
    edit: (label: OpenLabel, labelCase: LabelCase) => Promise<LabelDelta | null>,
  ): Promise<EditResult> =>
    store.withLabel(caseId, async (label, labelCase) => {
      requireCursor(label, cursor)
      const before = label.history.cursor()
      const delta = await edit(label, labelCase)
      if (label.history.cursor() !== before) noteEditing(workspace, changes, caseId)
      return resultOf(label, delta)
    })
  const transform: LabelService['transform'] = (caseId, cursor, title, change) =>
    editAt(caseId, cursor, async (label, labelCase) => {
      const { labels } = label.history
      const delta = diffLabels(labels, await change(labels, labelCase))
      if (delta.runs.length === 0) return null
      await label.edit(title, delta)
      return delta
    })
  return {
    transform,
    applyOperation: (caseId, cursor, operation, locked) =>
      transform(caseId, cursor, labelOperationTitle(operation), async (labels, { grid }) => {
        const image =
          'sequence' in operation ? await volumes.intensities(caseId, operation.sequence) : null
        return runLabelOperation({ labels, grid, operation, image, locked })
      }),
    open: (caseId) =>
      store.withLabel(caseId, async (label, labelCase) => ({
        caseId,
        volume: await volumes.publishLabels(label.history.labels, labelCase.grid),
        baseVersionId: label.baseVersionId(),
        cursor: label.history.cursor(),
        history: label.history.entries(),
        unsavedEdits: label.history.unsavedEdits(),
        recovered: label.recovered,
      })),
    append: (caseId, cursor, title, delta) =>
      editAt(caseId, cursor, async (label) => {
        const decoded = deltaFromBase64(delta, label.history.labels.length)
        if (decoded.runs.length > 0) await label.edit(title, decoded)
        return null
      }),
    undo: (caseId, cursor) => editAt(caseId, cursor, (label) => label.undo()),
    redo: (caseId, cursor) => editAt(caseId, cursor, (label) => label.redo()),
    restoreVersion: (caseId, cursor, versionId) => {
      const version = findVersion(database, caseId, versionId)
      return transform(caseId, cursor, `Restore version ${version.number}`, async () => {
        const bytes = await objects.read(version.objectSha256)
        return (await readLabelmap(bytes, `version ${version.number}`)).labels
      })
    },
    saveVersion: (caseId, cursor, note) =>
      store.withLabel(caseId, async (label, labelCase) => {
        requireCursor(label, cursor)
        const { grid, convention } = labelCase
        const { labels } = label.history
        const template = await labelTemplate(workspace, caseId)
        const bytes = await writeLabelmap({ labels, grid, convention, template })
        const version = addVersion(workspace, {
          caseId,
          parentId: label.baseVersionId(),
          objectSha256: await objects.put(bytes),
          origin: 'reader',
          author: settings.get().readerName,
          note,
          volumesMl: volumesMl(labels, grid),
        })
        await label.markSaved(version.id, version.objectSha256)
        changes.publish('labels', caseId)
        changes.publish('cases', caseId)
        return version
      }),
    exportVersion: async (caseId, versionId, path) => {
      const version = findVersion(database, caseId, versionId)
      const labelCase = findLabelCase(workspace, caseId)
      const name = `${labelCase.name}_v${version.number}.nii.gz`
      const target = await exportPath(workspace, path, name)
      await writeExport(workspace, await objects.read(version.objectSha256), labelCase, target)
      audit.append({
        actor: settings.get().readerName,
        action: 'label.version.export',
        subject: versionId,
        detail: { caseId, objectSha256: version.objectSha256 },
      })
      return { path: target }
    },
    unsavedEdits: (caseId) =>
      store.withLabel(caseId, (label) => Promise.resolve(label.history.unsavedEdits())),
  }
}

function requireCursor(label: OpenLabel, cursor: number): void {
  if (label.history.cursor() === cursor) return
  throw new GliadeskError(
    'STALE_EDIT',
    'This case was edited in another window since this one last looked, so the edit was not applied.',
    'Reload the case and repeat the edit.',
  )
}

function resultOf(label: OpenLabel, delta: LabelDelta | null): EditResult {
  return {
    cursor: label.history.cursor(),
    appliedDelta: delta ? deltaToBase64(delta) : null,
    history: label.history.entries(),
    unsavedEdits: label.history.unsavedEdits(),
  }
}
