import { createHash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { GliadeskError } from '../../contract/index.ts'
import { asStorageError, writeFileAtomically, type FileSystem } from '../fileSystem/index.ts'

/** Content-addressed, immutable files: `objects/ab/cdef…` is named by the sha256 of its bytes. */
export interface BlobStore {
  /** Stores the bytes and resolves with their sha256 once they would survive a power cut. */
  put(bytes: Uint8Array): Promise<string>
  /**
   * Reads and checks an object.
   * @throws GliadeskError NOT_FOUND where it is missing, BAD_FILE where its bytes changed on disk
   */
  read(sha256: string): Promise<Uint8Array>
  has(sha256: string): Promise<boolean>
  /** Where the object lies; it need not exist. */
  pathOf(sha256: string): string
}

export const sha256Of = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

/** Opens the store in a folder, which is made at the first `put`. */
export function openBlobStore(files: FileSystem, folder: string): BlobStore {
  const pathOf = (sha256: string): string => join(folder, sha256.slice(0, 2), sha256.slice(2))
  const folderKnown = new Set<string>()

  return {
    pathOf,
    has: async (sha256) => (await files.sizeOf(pathOf(sha256))) !== null,
    put: async (bytes) => {
      const sha256 = sha256Of(bytes)
      const path = pathOf(sha256)
      try {
        if ((await files.sizeOf(path)) !== bytes.length) {
          await writeFileAtomically(files, path, bytes, randomUUID())
        } else {
          // Present, but perhaps from a run that died between the rename and the folder's fsync.
          await files.syncFolder(join(folder, sha256.slice(0, 2)))
        }
        const prefix = sha256.slice(0, 2)
        if (!folderKnown.has(prefix)) {
          await files.syncFolder(folder)
          folderKnown.add(prefix)
        }
        return sha256
      } catch (error) {
        throw asStorageError(error, 'storing data in the workspace', folder)
      }
    },
    read: async (sha256) => {
      const path = pathOf(sha256)
      let bytes: Uint8Array
      try {
        bytes = await files.readFile(path)
      } catch (error) {
        throw asStorageError(error, 'reading a stored object', path)
      }
      if (sha256Of(bytes) !== sha256) {
        throw new GliadeskError(
          'BAD_FILE',
          `${path} was changed or damaged on disk: its content no longer matches its name.`,
          'Restore this file from a backup of the workspace folder and check the disk.',
        )
      }
      return bytes
    },
  }
}
