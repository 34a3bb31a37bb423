import { bytesAsSource } from '../read/byteSource.ts'
import type { DicomFrame, DicomInstance } from '../read/dicomInstance.ts'
import { readInstance } from '../read/readInstance.ts'
import { writeDicom, type Elements, type WriteOptions } from './writeDicom.ts'

/** The instance that bytes hold; throws where they are something else. */
export async function instanceOf(bytes: Uint8Array, name = 'slice.dcm'): Promise<DicomInstance> {
  const read = await readInstance(bytesAsSource(name, bytes))
  if (read.kind !== 'image') throw new Error(`Not an image: ${JSON.stringify(read)}`)
  return read.instance
}

/** Writes files and reads their frames back, in the order of the files. */
export async function framesOf(
  files: readonly Elements[],
  options?: WriteOptions,
): Promise<DicomFrame[]> {
  const frames: DicomFrame[] = []
  for (const file of files) frames.push(...(await instanceOf(writeDicom(file, options))).frames)
  return frames
}
