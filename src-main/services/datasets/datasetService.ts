import type { Dataset, DicomSeries, ImportEvent, Sequence } from '../../contract/index.ts'
import type { Workspace } from '../../storage/index.ts'
import type { ChangeFeed } from '../changes/index.ts'
import { createEventLog, type EventLog } from '../eventLog/index.ts'
import type { SettingsService } from '../settings/index.ts'
import { listDatasets } from './datasetRecords.ts'
import { assignSequence, listDicomSeries } from './dicom/index.ts'
import { importFolder, type ImportRequest } from './importFolder.ts'

export interface DatasetService {
  list(): Dataset[]
  /** Starts an import, which goes on when nobody reads its events any more. One runs at a time. */
  import(request: ImportRequest): EventLog<ImportEvent>
  /** Stops the running import and those in line; cases stored so far stay. */
  stopImports(): void
  /** The volumes of a case that came as DICOM; none for any other case. */
  series(caseId: string): DicomSeries[]
  /**
   * Says what a series is and chooses the case's images anew.
   * @throws GliadeskError NOT_FOUND, BAD_INPUT, WRONG_STATE
   */
  assignSeries(caseId: string, seriesId: string, sequence: Sequence | null): Promise<DicomSeries[]>
  /** Resolves when no import is running. */
  idle(): Promise<void>
}

export function createDatasetService(services: {
  workspace: Workspace
  settings: SettingsService
  changes: ChangeFeed
}): DatasetService {
  const { workspace, settings, changes } = services
  let line: Promise<void> = Promise.resolve()
  let running = new AbortController()

  const run = async (
    request: ImportRequest,
    log: EventLog<ImportEvent>,
    signal: AbortSignal,
  ): Promise<void> => {
    let stored = 0
    try {
      signal.throwIfAborted()
      await importFolder(
        workspace,
        request,
        (event) => {
          if (event.type === 'done' && event.datasetId) {
            workspace.audit.append({
              actor: settings.get().readerName,
              action: 'dataset.import',
              subject: event.datasetId,
              detail: { imported: event.imported, skipped: event.skipped },
            })
            changes.publish('datasets', event.datasetId)
          }
          log.push(event)
        },
        (caseId) => {
          stored++
          changes.publish('cases', caseId)
        },
        signal,
      )
      log.end()
    } catch (error) {
      if (signal.aborted) {
        changes.publish('datasets')
        log.push({ type: 'done', datasetId: null, imported: stored, skipped: 0, stopped: true })
        log.end()
      } else log.end(error)
    }
  }
  return {
    list: () => listDatasets(workspace.database),
    import: (request) => {
      const log = createEventLog<ImportEvent>()
      const { signal } = running
      line = line.then(() => run(request, log, signal))
      return log
    },
    stopImports: () => {
      running.abort()
      running = new AbortController()
    },
    series: (caseId) => listDicomSeries(workspace.database, caseId),
    assignSeries: async (caseId, seriesId, sequence) => {
      const series = await assignSequence(workspace, caseId, seriesId, sequence)
      workspace.audit.append({
        actor: settings.get().readerName,
        action: 'case.series.assign',
        subject: caseId,
        detail: { seriesId, sequence },
      })
      changes.publish('cases', caseId)
      return series
    },
    idle: () => line,
  }
}
