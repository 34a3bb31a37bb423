import { join } from 'node:path'
import { pino, type Logger } from 'pino'

/**
 * The core's log: JSON lines in the workspace's logs folder, one file a start. It holds what happened to the
 * program, never headers, cookies, file contents or names of cases.
 *
 * @param startedAt ISO 8601; names the file
 */
export function createLogger(logFolder: string, startedAt: string): Logger {
  const file = join(logFolder, `core-${startedAt.replaceAll(':', '-')}.jsonl`)
  return pino(
    { base: undefined, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: file, mkdir: true, sync: true }),
  )
}
