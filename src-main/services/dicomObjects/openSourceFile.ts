import { join } from 'node:path'
import { GliadeskError, type DicomSource } from '../../contract/index.ts'
import { collectSources, type Sources } from '../datasets/dicom/index.ts'

/**
 * Opens the first source file of a series again, on disk or in the archive that it came in, and makes sure that it is the
 * one that was imported.
 *
 * @param root the folder of the data set
 * @throws GliadeskError NOT_FOUND where it is gone; BAD_FILE where another file lies in its place
 */
export async function withSourceFile<T>(
  root: string,
  source: DicomSource,
  use: (file: Sources['files'][number]) => Promise<T>,
): Promise<T> {
  const { path, sha256 } = source.files[0]
  const archive = /^(.*?\.zip)\//i.exec(path)?.[1]
  const place = archive === undefined ? join(root, path) : archiveAt(root, archive)
  const sources = await collectSources(root, [place], () => undefined)
  try {
    const file = sources.files.find(({ relativePath }) => relativePath === path)
    if (!file) {
      throw new GliadeskError(
        'NOT_FOUND',
        `The image ${path} cannot be read any more, so patient and study cannot be copied from it.`,
        'Connect the disk, or say where the data set lies now; NIfTI and NRRD can be exported without it.',
      )
    }
    if ((await file.sha256()) !== sha256) {
      throw new GliadeskError(
        'BAD_FILE',
        `${path} is another file than the one that was imported, maybe of another patient.`,
        'Restore the file, or import the folder again.',
      )
    }
    return await use(file)
  } finally {
    sources.close()
  }
}

/** A data set that is one archive has the archive itself as its root. */
const archiveAt = (root: string, archive: string): string =>
  /\.zip$/i.test(root) ? root : join(root, archive)
