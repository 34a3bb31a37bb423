import { readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { z } from 'zod'
import { GliadeskError, type folderEntrySchema } from '../../contract/index.ts'
import { asStorageError } from '../../storage/index.ts'
import { listDrives } from './listDrives.ts'

type FolderEntry = z.infer<typeof folderEntrySchema>

export interface FolderListing {
  readonly path: string
  readonly parent: string | null
  readonly entries: FolderEntry[]
}

/** More than anybody scrolls through; a folder of slices can hold a hundred thousand files. */
const MAX_ENTRIES = 5000

const naturalOrder = new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare

/**
 * Lists a folder of this machine for the page's folder chooser: folders first, in natural order, hidden ones left
 * out. Without a path, the home folder, and after its entries the drives of this machine.
 *
 * @throws GliadeskError BAD_INPUT, NOT_FOUND or READ_ONLY (which here means: may not be opened)
 */
export async function browseFolder(path: string | null): Promise<FolderListing> {
  const folder = path === null ? homedir() : path
  if (!isAbsolute(folder)) {
    throw new GliadeskError(
      'BAD_INPUT',
      `"${folder}" is not a full path.`,
      'Type the path from the root of the disk.',
    )
  }
  const root = resolve(folder)
  let names
  try {
    names = await readdir(root, { withFileTypes: true })
  } catch (error) {
    throw asStorageError(error, 'opening the folder', root)
  }
  const entries: FolderEntry[] = []
  for (const { name } of names.slice(0, MAX_ENTRIES)) {
    if (name.startsWith('.')) continue
    const entryPath = join(root, name)
    const found = await stat(entryPath).catch(() => null)
    if (!found || !(found.isDirectory() || found.isFile())) continue
    const kind = found.isDirectory() ? 'folder' : 'file'
    entries.push({ name, path: entryPath, kind, sizeBytes: kind === 'file' ? found.size : 0 })
  }
  entries.sort((a, b) =>
    a.kind === b.kind ? naturalOrder(a.name, b.name) : a.kind === 'folder' ? -1 : 1,
  )
  if (path === null) {
    for (const drive of await listDrives(process.platform)) {
      entries.push({ name: drive, path: drive, kind: 'folder', sizeBytes: 0 })
    }
  }
  const parent = dirname(root)
  return { path: root, parent: parent === root ? null : parent, entries }
}
