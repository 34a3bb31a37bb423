import { readFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { sha256Of } from '../../storage/index.ts'
import { listFiles } from '../datasets/index.ts'

/** Where a file lies now; null where no file has its content. `isThere` tells whether one has its name. */
export interface FoundFile {
  readonly path: string | null
  readonly isThere: boolean
}

export interface FileFinder {
  /** Looks at the same place under the new root first, then anywhere under it by name; content decides. */
  find(path: string, sha256: string): Promise<FoundFile>
  hashOf(path: string): Promise<string | null>
  /** Files of a name, anywhere under the new root; the one at the same place first. */
  candidates(path: string): string[]
}

/** Looks for files that moved from one root to another. Every file is hashed once at most. */
export async function openFileFinder(oldRoot: string, newRoot: string): Promise<FileFinder> {
  const byName = new Map<string, string[]>()
  for (const file of await listFiles(newRoot, () => undefined)) {
    byName.set(basename(file), [...(byName.get(basename(file)) ?? []), file])
  }
  const hashes = new Map<string, string | null>()
  const hashOf = async (file: string): Promise<string | null> => {
    const known = hashes.get(file)
    if (known !== undefined) return known
    const hash = await readFile(file).then(sha256Of, () => null)
    hashes.set(file, hash)
    return hash
  }
  const candidates = (path: string): string[] => [
    ...new Set([join(newRoot, relative(oldRoot, path)), ...(byName.get(basename(path)) ?? [])]),
  ]
  return {
    hashOf,
    candidates,
    find: async (path, sha256) => {
      let isThere = false
      for (const candidate of candidates(path)) {
        const hash = await hashOf(candidate)
        if (hash === sha256) return { path: candidate, isThere: true }
        isThere ||= hash !== null
      }
      return { path: null, isThere }
    },
  }
}
