import type { Dataset, ImportEvent } from '../../contract/index.ts'
import type { Workspace } from '../../storage/index.ts'
import type { ChangeFeed } from '../changes/index.ts'
import { createEventLog, type EventLog } from '../eventLog/index.ts'
import type { SettingsService } from '../settings/index.ts'
import { listDatasets } from './datasetRecords.ts'
import { importFolder, type ImportRequest } from './importFolder.ts'

export interface DatasetService {
  list(): Dataset[]
  /** Starts an import, which goes on when nobody reads its events any more. One runs at a time. */
  import(request: ImportRequest): EventLog<ImportEvent>
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

  const run = async (request: ImportRequest, log: EventLog<ImportEvent>): Promise<void> => {
    try {
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
        (caseId) => changes.publish('cases', caseId),
      )
      log.end()
    } catch (error) {
      log.end(error)
    }
  }
  return {
    list: () => listDatasets(workspace.database),
    import: (request) => {
      const log = createEventLog<ImportEvent>()
      line = line.then(() => run(request, log))
      return log
    },
    idle: () => line,
  }
}
