import type { DeidentificationEvent, DeidentificationRequest } from '../../contract/index.ts'
import type { Workspace } from '../../storage/index.ts'
import { createEventLog, type EventLog } from '../eventLog/index.ts'
import { openPseudonymKey } from '../pseudonyms/index.ts'
import type { SettingsService } from '../settings/index.ts'
import { deidentifyFolder } from './deidentifyFolder.ts'

export interface DeidentificationService {
  /** Starts de-identification, which goes on when nobody reads its events any more. One runs at a time. */
  run(request: DeidentificationRequest): EventLog<DeidentificationEvent>
  /** Stops what is running and what is in line; copies made so far stay, with a report that says so. */
  stop(): void
  /** Stops, and resolves when nothing is written any more. */
  close(): Promise<void>
}

/**
 * De-identified copies under the workspace's own key.
 *
 * @param version of this program, for reports
 */
export function createDeidentificationService(
  services: { readonly workspace: Workspace; readonly settings: SettingsService },
  version: string,
): DeidentificationService {
  const { workspace, settings } = services
  let line: Promise<void> = Promise.resolve()
  let running = new AbortController()

  const run = async (
    request: DeidentificationRequest,
    log: EventLog<DeidentificationEvent>,
    signal: AbortSignal,
  ): Promise<void> => {
    try {
      const report = await deidentifyFolder(request, {
        hash: openPseudonymKey(workspace.database),
        program: `Gliadesk ${version}`,
        onEvent: (event) => log.push(event),
        signal,
      })
      if (!request.trial) {
        workspace.audit.append({
          actor: settings.get().readerName,
          action: 'deidentification.run',
          subject: 'workspace',
          detail: {
            files: report.files.length,
            leftOut: report.leftOut.length,
            stopped: report.stopped,
            options: JSON.stringify(report.options),
          },
        })
      }
      log.push({ type: 'done', report })
      log.end()
    } catch (error) {
      log.end(error)
    }
  }
  const stop = (): void => {
    running.abort()
    running = new AbortController()
  }
  return {
    run: (request) => {
      const log = createEventLog<DeidentificationEvent>()
      const { signal } = running
      line = line.then(() => run(request, log, signal))
      return log
    },
    stop,
    close: async () => {
      stop()
      await line
    },
  }
}
