import { basename, dirname, join } from 'node:path'
import type { FileSystem } from './fileSystemPort.ts'

/**
 * Writes a file so that a reader sees the old content or the new one, never a mixture, also after a power
 * cut: temporary in the same folder, write, fsync, rename, fsync the folder.
 *
 * @param token makes the temporary name unique among concurrent writers
 * @throws the operating system's error; the temporary is removed where possible
 */
export async function writeFileAtomically(
  files: FileSystem,
  path: string,
  bytes: Uint8Array,
  token: string,
): Promise<void> {
  const folder = dirname(path)
  const temporary = join(folder, `.${basename(path)}.${token}.tmp`)
  await files.makeFolder(folder)
  const file = await files.createFile(temporary)
  try {
    try {
      await file.write(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await files.rename(temporary, path)
  } catch (error) {
    await files.remove(temporary).catch(() => undefined)
    throw error
  }
  await files.syncFolder(folder)
}
