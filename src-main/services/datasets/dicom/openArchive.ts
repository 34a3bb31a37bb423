import type { Readable } from 'node:stream'
import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { GliadeskError } from '../../../contract/index.ts'
import { sha256Of } from '../../../storage/index.ts'
import type { SourceFile } from './sourceFile.ts'

/** An open zip archive: its files are read out of it and never unpacked to disk. */
export interface Archive {
  readonly files: readonly SourceFile[]
  close(): void
}

/** A larger archive is not an export of images but an attack on memory or time. */
export const ARCHIVE_LIMITS = {
  entries: 200_000,
  entryBytes: 1024 ** 3,
  /** Content against archive, looked at from 1 GiB of content on. */
  ratio: 200,
} as const

/** Deflate cannot shrink further. */
const MOST_DEFLATE = 1032
/** Read when only the head of an entry is wanted. */
const HEAD_BYTES = 64 * 1024

/**
 * Opens a zip archive and lists its files. Entries that lead out of the archive ("../x", "C:\x") make it refused as a
 * whole, as do more or larger entries than the limits allow.
 *
 * @throws GliadeskError BAD_FILE
 */
export async function openArchive(path: string, relativePath: string): Promise<Archive> {
  const refuse = (problem: string, remedy: string, cause?: unknown): never => {
    throw new GliadeskError('BAD_FILE', `${relativePath}: ${problem}`, remedy, { cause })
  }
  let zip: ZipFile | null = null
  try {
    const opened = await openPromise(path, { autoClose: false })
    zip = opened
    const entries: Entry[] = []
    let content = 0
    let packed = 0
    for await (const entry of opened.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue
      entries.push(entry)
      content += entry.uncompressedSize
      packed += entry.compressedSize
      if (entries.length > ARCHIVE_LIMITS.entries) {
        refuse(`it holds more than ${ARCHIVE_LIMITS.entries} files.`, 'Split the archive.')
      }
      if (entry.uncompressedSize > ARCHIVE_LIMITS.entryBytes) {
        refuse('it holds a file of more than 1 GiB.', 'Unpack it and import the folder.')
      }
      if (entry.uncompressedSize > MOST_DEFLATE * entry.compressedSize + HEAD_BYTES) {
        refuse('it claims more content than can be in it.', 'Copy or export it again.')
      }
      if (content > 1024 ** 3 && content > ARCHIVE_LIMITS.ratio * packed) {
        refuse(
          `its content is more than ${ARCHIVE_LIMITS.ratio} times as large as the archive, as in a decompression bomb.`,
          'Unpack it yourself if you trust it, and import the folder.',
        )
      }
    }
    const remember = lastEntryOf()
    return {
      files: entries.map((entry) => entryFile(opened, entry, path, relativePath, remember)),
      close: () => opened.close(),
    }
  } catch (error) {
    zip?.close()
    if (error instanceof GliadeskError) throw error
    const message = error instanceof Error ? error.message : ''
    if (/^(invalid relative path|absolute path|invalid characters in fileName)/.test(message)) {
      return refuse(
        'an entry leads out of the archive, so all of it was refused.',
        'Ask for the export again; such an archive is damaged or hostile.',
        error,
      )
    }
    return refuse('it cannot be read as a zip archive.', 'Copy or export it again.', error)
  }
}

type EntryCache = (entry: Entry, load: () => Promise<Uint8Array>) => Promise<Uint8Array>

/** Keeps the entry read last: the frames of one file are read one after the other. */
function lastEntryOf(): EntryCache {
  let last: { entry: Entry; bytes: Promise<Uint8Array> } | null = null
  return (entry, load) => {
    if (last?.entry !== entry) last = { entry, bytes: load() }
    return last.bytes
  }
}

function entryFile(
  zip: ZipFile,
  entry: Entry,
  path: string,
  archive: string,
  remember: EntryCache,
): SourceFile {
  const relativePath = `${archive}/${entry.fileName}`
  const sizeBytes = entry.uncompressedSize
  const readStart = async (length: number): Promise<Uint8Array> => {
    if (entry.isEncrypted()) {
      throw new GliadeskError(
        'BAD_FILE',
        `${relativePath} is protected by a password.`,
        'Unpack the archive with its password and import the folder.',
      )
    }
    try {
      return await readUpTo(await zip.openReadStreamPromise(entry), Math.min(length, sizeBytes))
    } catch (cause) {
      throw new GliadeskError(
        'BAD_FILE',
        `${relativePath}: the archive is damaged at this file.`,
        'Copy or export the archive again.',
        { cause },
      )
    }
  }
  // Hashed when the whole entry is at hand anyway, so that it is inflated once for both.
  let sha256: string | null = null
  const readWhole = async (): Promise<Uint8Array> => {
    const whole = await remember(entry, () => readStart(sizeBytes))
    sha256 ??= sha256Of(whole)
    return whole
  }
  return {
    name: relativePath,
    relativePath,
    path,
    sizeBytes,
    read: async (offset, length) => {
      const end = offset + length
      if (end <= HEAD_BYTES) return (await readStart(end)).subarray(offset)
      return (await readWhole()).subarray(offset, end)
    },
    sha256: async () => sha256 ?? sha256Of(await readWhole()),
  }
}

async function readUpTo(stream: Readable, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let filled = 0
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      const part = chunk.subarray(0, length - filled)
      bytes.set(part, filled)
      filled += part.length
      if (filled >= length) break
    }
  } finally {
    stream.destroy()
  }
  return bytes.subarray(0, filled)
}
