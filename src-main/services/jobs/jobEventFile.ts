import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { jobEventSchema, type JobEvent } from '../../contract/index.ts'
import { asStorageError } from '../../storage/index.ts'

/** The events of a job in `events.jsonl`, one a line, in the order in which they happened. */
export interface JobEventFile {
  /** Events that were there at opening. */
  readonly initial: readonly JobEvent[]
  /**
   * Adds an event. A run that goes on from a checkpoint does some steps a second time, with the same outcome;
   * those are already there and left out.
   * @returns false where it was left out
   */
  append(event: JobEvent): boolean
  /** Resolves when everything appended is in the file. @throws GliadeskError DISK_FULL, READ_ONLY */
  flushed(): Promise<void>
}

/** Reads the events of a file; a last line cut short by a crash is passed over. */
export async function readJobEvents(path: string): Promise<JobEvent[]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    try {
      return [jobEventSchema.parse(JSON.parse(line))]
    } catch {
      return []
    }
  })
}

const positionOf = (event: JobEvent): { kind: string; step: number } | null =>
  event.type === 'log'
    ? null
    : {
        kind: event.type === 'checkpoint' ? `checkpoint ${event.best}` : event.type,
        step: event.step,
      }

export async function openJobEventFile(path: string): Promise<JobEventFile> {
  await mkdir(dirname(path), { recursive: true })
  const initial = await readJobEvents(path)
  const reached = new Map<string, number>()
  const isRepeated = (event: JobEvent): boolean => {
    const position = positionOf(event)
    if (!position) return false
    if (position.step <= (reached.get(position.kind) ?? -1)) return true
    reached.set(position.kind, position.step)
    return false
  }
  for (const event of initial) isRepeated(event)
  const lines = (events: readonly JobEvent[]): string =>
    events.map((event) => `${JSON.stringify(event)}\n`).join('')
  await writeFile(path, lines(initial))

  let waiting: JobEvent[] = []
  let writing: Promise<void> = Promise.resolve()
  let failure: unknown = null
  return {
    initial,
    append: (event) => {
      if (isRepeated(event)) return false
      waiting.push(event)
      if (waiting.length === 1) {
        writing = writing
          .then(() => {
            const batch = waiting
            waiting = []
            return appendFile(path, lines(batch))
          })
          .catch((error: unknown) => void (failure ??= error))
      }
      return true
    },
    flushed: async () => {
      await writing
      if (failure) throw asStorageError(failure, 'writing the record of the job', path)
    },
  }
}
