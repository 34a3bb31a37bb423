import { stat } from 'node:fs/promises'
import { basename, relative } from 'node:path'
import { asStorageError } from '../../storage/index.ts'
import { diskFile, listFiles, openArchive, type SourceFile } from '../datasets/index.ts'

/** Everything below a folder or in an archive, in the order of paths; archives stay open until `close`. */
export interface InputFiles {
  readonly files: readonly SourceFile[]
  close(): void
}

export interface InputProblem {
  readonly path: string
  readonly message: string
  readonly remedy: string
}

/**
 * Lists what is to be de-identified. A folder or archive that cannot be read is told, the rest goes on.
 *
 * @param path a folder, a zip archive or a single file
 */
export async function listInputs(
  path: string,
  onProblem: (problem: InputProblem) => void,
): Promise<InputFiles> {
  const found = await stat(path).catch((cause: unknown) => {
    throw asStorageError(cause, 'opening what is to be de-identified', path)
  })
  const paths = found.isDirectory() ? await listFiles(path, onProblem) : [path]
  const files: SourceFile[] = []
  const closers: (() => void)[] = []
  for (const each of paths.sort()) {
    const name = relative(path, each).replaceAll('\\', '/') || basename(each)
    try {
      if (/\.zip$/i.test(each)) {
        const archive = await openArchive(each, name)
        files.push(...archive.files)
        closers.push(() => archive.close())
      } else files.push(diskFile(each, name, (await stat(each)).size))
    } catch (error) {
      const { message, remedy } = asStorageError(error, 'opening the file', each)
      onProblem({ path: each, message, remedy })
    }
  }
  return { files, close: () => closers.forEach((close) => close()) }
}
