import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImportProblem } from '../../contract/index.ts'

const MAX_DEPTH = 12

/**
 * Every file under a folder, links followed once, hidden files and folders left out.
 *
 * @param onProblem told of every folder that cannot be read; the rest goes on
 */
export async function listFiles(
  root: string,
  onProblem: (problem: ImportProblem) => void,
): Promise<string[]> {
  const files: string[] = []
  const seen = new Set<string>()

  const visit = async (folder: string, depth: number): Promise<void> => {
    const unreadable = (message: string, remedy: string): void =>
      onProblem({ path: folder, field: 'folder', message, remedy })
    if (depth > MAX_DEPTH) {
      unreadable(
        `${folder} lies more than ${MAX_DEPTH} folders deep and was left out.`,
        'Import the inner folder by itself.',
      )
      return
    }
    try {
      const real = await realpath(folder)
      if (seen.has(real)) return
      seen.add(real)
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        if (entry.name.startsWith('.')) continue
        const path = join(folder, entry.name)
        const kind = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry
        if (kind?.isDirectory()) await visit(path, depth + 1)
        else if (kind?.isFile()) files.push(path)
      }
    } catch (error) {
      unreadable(
        `${folder} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`,
        'Check that you may open this folder, then import again.',
      )
    }
  }
  await visit(root, 0)
  return files
}
