import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { GliadeskError } from '../../contract/index.ts'
import { unitRecordSchema, type UnitRecord } from '../protocol/index.ts'

/** Reads results; a last line without its end (a writer was killed) is left out. Empty where there is no file. */
export function readResults(path: string): UnitRecord[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n')
  // What follows the last line break was never finished.
  lines.pop()
  return lines
    .filter((line) => line !== '')
    .map((line, index) => {
      try {
        return unitRecordSchema.parse(JSON.parse(line))
      } catch (cause) {
        throw new GliadeskError(
          'BAD_FILE',
          `Line ${index + 1} of ${path} is no result of an experiment.`,
          'Remove that line (its unit will be run again), or choose another folder.',
          { cause },
        )
      }
    })
}

export interface ResultLog {
  /** The line is on disk when this returns. */
  append(record: UnitRecord): void
  close(): void
}

/** Opens the results for appending and cuts off an unfinished last line. */
export function openResultLog(path: string): ResultLog {
  mkdirSync(dirname(path), { recursive: true })
  if (existsSync(path)) {
    const bytes = readFileSync(path)
    truncateSync(path, bytes.lastIndexOf('\n') + 1)
  }
  const file = openSync(path, 'a')
  return {
    append: (record) => {
      writeSync(file, `${JSON.stringify(record)}\n`)
      fsyncSync(file)
    },
    close: () => closeSync(file),
  }
}
