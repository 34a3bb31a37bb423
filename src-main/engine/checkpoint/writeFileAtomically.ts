import type { FileSystemPort } from './fileSystemPort.ts'

/**
 * Replaces a file so that at every moment, a power cut included, either the old or the new content is
 * there: temporary file in the same folder, write, flush, rename, flush the folder.
 *
 * @param path absolute, with forward or backward slashes
 * @throws whatever the port throws; the temporary file is removed first
 */
export async function writeFileAtomically(
  files: FileSystemPort,
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  const temporary = `${path}.part`
  try {
    await files.writeAndSync(temporary, bytes)
    await files.rename(temporary, path)
  } catch (error) {
    await files.remove(temporary).catch(() => undefined)
    throw error
  }
  await files.syncFolder(folderOf(path))
}

const folderOf = (path: string): string => path.replace(/[/\\][^/\\]*$/, '') || '/'
