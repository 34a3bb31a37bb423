import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { ByteSource } from '../../../imaging/dicom/index.ts'

/** A file that may be DICOM: on disk, or an entry of an archive. */
export interface SourceFile extends ByteSource {
  /** From the root of the import on, with "/"; `name.zip/entry` in an archive. */
  readonly relativePath: string
  /** What a file manager can show: the file itself, or the archive that holds it. */
  readonly path: string
  /** Of the whole file. */
  sha256(): Promise<string>
}

/** A file on disk, opened for every read: thousands may wait at a time. */
export function diskFile(path: string, relativePath: string, sizeBytes: number): SourceFile {
  const source: ByteSource = {
    name: relativePath,
    sizeBytes,
    read: async (offset, length) => {
      const wanted = Math.max(0, Math.min(length, sizeBytes - offset))
      const bytes = new Uint8Array(wanted)
      const handle = await open(path, 'r')
      try {
        let filled = 0
        while (filled < wanted) {
          const { bytesRead } = await handle.read(bytes, filled, wanted - filled, offset + filled)
          if (bytesRead === 0) break
          filled += bytesRead
        }
        return bytes.subarray(0, filled)
      } finally {
        await handle.close()
      }
    },
  }
  return { ...source, relativePath, path, sha256: () => sha256OfSource(source) }
}

const HASH_CHUNK_BYTES = 4 * 1024 ** 2

/** sha256 of a whole source, read piece by piece. */
async function sha256OfSource(source: ByteSource): Promise<string> {
  const hash = createHash('sha256')
  for (let offset = 0; offset < source.sizeBytes; offset += HASH_CHUNK_BYTES) {
    hash.update(await source.read(offset, HASH_CHUNK_BYTES))
  }
  return hash.digest('hex')
}
