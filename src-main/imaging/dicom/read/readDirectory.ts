import type { ByteSource } from './byteSource.ts'
import { readDicomFile } from './readDicomFile.ts'
import { TAG } from './tags.ts'

/**
 * The files that a DICOMDIR names, as paths with "/" from its folder on (PS3.3 F.3, Referenced File ID).
 *
 * @returns null where the file is no DICOMDIR
 * @throws GliadeskError BAD_FILE
 */
export async function readDirectory(source: ByteSource): Promise<string[] | null> {
  const file = await readDicomFile(source)
  if (!file || !file.dataSet.elements.has(TAG.directoryRecords)) return null
  return file.dataSet
    .items(TAG.directoryRecords)
    .map((record) => record.texts(TAG.referencedFile).filter((part) => part !== ''))
    .filter((parts) => parts.length > 0)
    .map((parts) => parts.join('/'))
}
