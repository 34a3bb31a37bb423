import { join } from 'node:path'
import { pino, type Logger } from 'pino'

/**
 * The core's log: JSON lines in the workspace's logs folder, one file a start. It holds what happened to the
 * program, never headers, cookies, file contents or names of cases.
 *
 * @param startedAt ISO 8601; names the file
 */
export function createLogger(logFolder: string, startedAt: string): Logger {
  return loggerTo(join(logFolder, `core-${startedAt.replaceAll(':', '-')}.jsonl`))
}

/** A log that cannot be written (a full disk) must not end the program: lines are then lost. */
export function loggerTo(file: string): Logger {
  const destination = pino.destination({ dest: file, mkdir: true, sync: true })
  destination.on('error', () => undefined)
  return pino({ base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, destination)
}
