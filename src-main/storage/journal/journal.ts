import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import {
  asStorageError,
  writeFileAtomically,
  type FileSystem,
  type WritableFile,
} from '../fileSystem/index.ts'
import { decodeFrames, encodeFrame, type JournalRecord } from './frame.ts'

/** An append-only file of framed records. One writer at a time. */
export interface Journal {
  /** The records that were there at opening. */
  readonly records: readonly JournalRecord[]
  /** Bytes of a torn tail that opening cut off (kept beside the journal as `….dropped`). */
  readonly droppedBytes: number
  /** Bytes of the file now. */
  sizeBytes(): number
  /**
   * Adds a record; it would survive a power cut once this resolves. A failed append leaves the journal as
   * it was, so that the caller can try again.
   * @throws GliadeskError DISK_FULL, READ_ONLY or INTERNAL
   */
  append(payload: Uint8Array): Promise<void>
  close(): Promise<void>
}

/** Writes a new journal with one record, replacing any at this path in one step. */
export async function createJournal(
  files: FileSystem,
  path: string,
  firstPayload: Uint8Array,
): Promise<void> {
  try {
    const frame = encodeFrame({ sequence: 0, payload: firstPayload })
    await writeFileAtomically(files, path, frame, randomUUID())
  } catch (error) {
    throw asStorageError(error, 'starting the edit journal', path)
  }
}

/** Opens a journal, or resolves with null where there is none. A torn tail is cut off and counted. */
export async function openJournal(files: FileSystem, path: string): Promise<Journal | null> {
  try {
    if ((await files.sizeOf(path)) === null) return null
    const bytes = await files.readFile(path)
    const { records, soundBytes } = decodeFrames(bytes)
    const droppedBytes = bytes.length - soundBytes
    if (droppedBytes > 0) {
      await writeFileAtomically(files, `${path}.dropped`, bytes.slice(soundBytes), randomUUID())
      const file = await files.appendFile(path)
      try {
        await file.truncate(soundBytes)
        await file.sync()
      } finally {
        await file.close()
      }
    }
    return appendTo(files, path, records, soundBytes, droppedBytes)
  } catch (error) {
    throw asStorageError(error, 'reading the edit journal', path)
  }
}

function appendTo(
  files: FileSystem,
  path: string,
  records: readonly JournalRecord[],
  soundBytes: number,
  droppedBytes: number,
): Journal {
  let file: WritableFile | null = null
  let size = soundBytes
  let sequence = records.length
  /** True after a failed append whose remains could not be cut off yet. */
  let dirtyTail = false

  const open = async (): Promise<WritableFile> => {
    if (!file) {
      file = await files.appendFile(path)
      await files.syncFolder(dirname(path))
    }
    if (dirtyTail) {
      await file.truncate(size)
      dirtyTail = false
    }
    return file
  }
  return {
    records,
    droppedBytes,
    sizeBytes: () => size,
    append: async (payload) => {
      const frame = encodeFrame({ sequence, payload })
      try {
        const target = await open()
        dirtyTail = true
        await target.write(frame)
        await target.sync()
        dirtyTail = false
        size += frame.length
        sequence++
      } catch (error) {
        // Cut the remains at once where the disk allows; otherwise the next append does it first.
        await open().catch(() => undefined)
        throw asStorageError(error, 'saving the edit', path)
      }
    },
    close: async () => {
      await file?.close()
      file = null
    },
  }
}
