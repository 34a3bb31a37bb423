import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  GliadeskError,
  type PreparationEvent,
  type PreparationPlan,
  type PreparationRecord,
  type PreparationStatus,
  type Sequence,
  type VolumeRef,
} from '../../contract/index.ts'
import { readNifti } from '../../imaging/nifti/index.ts'
import { PREPARATION_VERSION } from '../../imaging/preparation/index.ts'
import { summariseIntensity } from '../../imaging/volume/index.ts'
import { asStorageError, type Workspace } from '../../storage/index.ts'
import { findCase, imageFile } from '../cases/index.ts'
import type { ChangeFeed } from '../changes/index.ts'
import { createEventLog } from '../eventLog/index.ts'
import { newId } from '../identifiers/index.ts'
import type { LabelService, LabelStore } from '../labels/index.ts'
import { notFound } from '../notFound.ts'
import type { SettingsService } from '../settings/index.ts'
import { programVersion } from '../system/index.ts'
import { applyPreparation } from './applyPreparation.ts'
import { exportOnOriginal, type OriginalExport } from './exportOnOriginal.ts'
import { findOriginals } from './originals.ts'
import { preparedFileName } from './prepareCaseFiles.ts'
import { preparationStatus } from './preparationStatus.ts'
import {
  addPreparation,
  findPreparation,
  previewOf,
  removePreparation,
} from './preparationRecords.ts'
import { runPreparation } from './runPreparation.ts'

export interface PreparationService {
  /** @throws GliadeskError NOT_FOUND */
  status(caseId: string): Promise<PreparationStatus>
  /** Computes a preview; it ends when its reader leaves. One runs at a time. */
  run(
    caseId: string,
    plan: PreparationPlan,
    signal?: AbortSignal,
  ): AsyncGenerator<PreparationEvent, void, void>
  /** A sequence of a preview: as its header places it, and as it was registered. @throws GliadeskError NOT_FOUND */
  volume(id: string, sequence: Sequence, stage: 'before' | 'after'): Promise<VolumeRef>
  /** Makes a preview the images of its case. @throws GliadeskError WRONG_STATE */
  apply(id: string): Promise<PreparationRecord>
  discard(id: string): Promise<void>
  exportVersion(request: OriginalExport): Promise<{ path: string }>
}

/** Too early to tell how long it takes. */
const LEAST_SHARE_FOR_ETA = 0.08

export function createPreparationService(services: {
  workspace: Workspace
  labels: LabelService
  labelStore: LabelStore
  settings: SettingsService
  changes: ChangeFeed
}): PreparationService {
  const { workspace, labels, labelStore, settings, changes } = services
  const { database, derived, audit } = workspace
  const folderOf = (id: string): string => join(workspace.path, 'preparations', id)
  let line: Promise<unknown> = Promise.resolve()

  const status = async (caseId: string): Promise<PreparationStatus> => {
    if (!findCase(database, caseId)) throw notFound('case', caseId)
    return preparationStatus(database, caseId, await labels.unsavedEdits(caseId))
  }
  const refuseBlocked = async (caseId: string): Promise<void> => {
    const { blocked } = await status(caseId)
    if (blocked === null) return
    const [message, remedy = 'Export the labels first.'] = blocked.split(/(?<=\.) (?=[A-Z])/)
    throw new GliadeskError('WRONG_STATE', message, remedy)
  }
  const discard = async (id: string): Promise<void> => {
    const record = findPreparation(database, id)
    if (record.state !== 'preview') return
    removePreparation(database, id)
    await rm(folderOf(id), { recursive: true, force: true })
  }
  const compute = async (
    caseId: string,
    plan: PreparationPlan,
    onProgress: (share: number, message: string, startedAt: number) => void,
    signal: AbortSignal,
  ): Promise<PreparationRecord> => {
    await refuseBlocked(caseId)
    const id = newId('preparation')
    const folder = folderOf(id)
    const images = Object.fromEntries(
      Object.entries(findOriginals(database, caseId)).map(([sequence, image]) => [
        sequence,
        { image, path: imageFile(workspace, image) },
      ]),
    )
    const startedAt = performance.now()
    try {
      const result = await runPreparation(
        { plan, folder, images },
        (share, message) => onProgress(share, message, startedAt),
        signal,
      )
      const older = previewOf(database, caseId)
      if (older) await discard(older.id)
      const record: PreparationRecord = {
        ...result,
        id,
        caseId,
        state: 'preview',
        plan,
        algorithms: PREPARATION_VERSION,
        version: programVersion(),
        seconds: (performance.now() - startedAt) / 1000,
        createdAt: new Date().toISOString(),
      }
      addPreparation(database, record)
      return record
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw error
    }
  }

  return {
    status,
    discard,
    run: async function* (caseId, plan, signal) {
      const left = new AbortController()
      const log = createEventLog<PreparationEvent>()
      const stop = (): void => left.abort(new Error('The preparation was cancelled'))
      signal?.addEventListener('abort', stop, { once: true })
      log.push({ type: 'progress', share: 0, etaSeconds: null, message: 'Waiting for its turn' })
      const work = line.then(() =>
        compute(
          caseId,
          plan,
          (share, message, startedAt) => {
            const elapsed = (performance.now() - startedAt) / 1000
            const etaSeconds = share < LEAST_SHARE_FOR_ETA ? null : (elapsed * (1 - share)) / share
            log.push({ type: 'progress', share, etaSeconds, message })
          },
          left.signal,
        ),
      )
      line = work.catch(() => undefined)
      work.then(
        (record) => {
          log.push({ type: 'done', record })
          log.end()
        },
        (error: unknown) => (left.signal.aborted ? log.end() : log.end(error)),
      )
      try {
        yield* log.read(signal)
      } finally {
        stop()
        signal?.removeEventListener('abort', stop)
        await line
      }
    },
    volume: async (id, sequence, stage) => {
      const { sequences } = findPreparation(database, id)
      const made = sequences[sequence]
      if (!made) throw notFound(`sequence ${sequence} of preparation`, id)
      // Where nothing was registered, both are the same.
      const name = preparedFileName(sequence, made.registration ? stage : 'after')
      const path = join(folderOf(id), name)
      const key = `preparation:${id}:${name}`
      const { sha256, byteLength, meta } = await derived.remember(key, async () => {
        const bytes = await readFile(path).catch((error: unknown) => {
          throw asStorageError(error, 'reading the preview', path)
        })
        const { voxels, voxelType, grid } = (await readNifti(bytes, name)).volume
        return {
          bytes: new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength),
          meta: { voxelType, grid, intensity: summariseIntensity(voxels) },
        }
      })
      return { sha256, byteLength, ...meta }
    },
    apply: async (id) => {
      const record = findPreparation(database, id)
      if (record.state === 'applied') return record
      const { caseId } = record
      await refuseBlocked(caseId)
      // The journal belongs to the old grid; nothing in it is unsaved.
      const applied = await labelStore.restart(caseId, () =>
        applyPreparation(workspace, record, folderOf(id), settings.get().readerName),
      )
      await rm(folderOf(id), { recursive: true, force: true })
      changes.publish('labels', caseId)
      changes.publish('cases', caseId)
      return applied
    },
    exportVersion: async (request) => {
      const path = await exportOnOriginal(workspace, request)
      audit.append({
        actor: settings.get().readerName,
        action: 'label.version.export',
        subject: request.versionId,
        detail: { caseId: request.caseId, onGridOf: request.sequence },
      })
      return { path }
    },
  }
}
