import { basename, relative } from 'node:path'
import type { ImportProblem } from '../../../contract/index.ts'
import { asStorageError } from '../../../storage/index.ts'
import { findSourceFiles } from './findSourceFiles.ts'
import { openArchive, type Archive } from './openArchive.ts'
import type { SourceFile } from './sourceFile.ts'

/** Every file of an import that may be DICOM, on disk and in archives, which stay open until `close`. */
export interface Sources {
  readonly files: readonly SourceFile[]
  close(): void
}

/**
 * Opens the archives among the paths and lists what may be DICOM there and beside them. An archive that cannot be
 * used is told; everything else goes on.
 *
 * @param root the folder of the import, or the archive itself
 */
export async function collectSources(
  root: string,
  paths: readonly string[],
  onProblem: (problem: ImportProblem) => void,
  signal?: AbortSignal,
): Promise<Sources> {
  const archives: Archive[] = []
  const close = (): void => archives.forEach((archive) => archive.close())
  try {
    for (const path of paths.filter((name) => /\.zip$/i.test(name))) {
      signal?.throwIfAborted()
      const name = relative(root, path).replaceAll('\\', '/') || basename(path)
      try {
        archives.push(await openArchive(path, name))
      } catch (error) {
        const known = asStorageError(error, 'opening the archive', path)
        onProblem({ path, field: 'zip', message: known.message, remedy: known.remedy })
      }
    }
    const loose = await findSourceFiles(root, paths, signal)
    return { files: [...archives.flatMap(({ files }) => files), ...loose], close }
  } catch (error) {
    close()
    throw error
  }
}
