import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { GliadeskError } from '../../contract/index.ts'
import {
  bytesAsSource,
  readSegmentationObject,
  type SegmentationObject,
} from '../../imaging/dicom/index.ts'
import { asStorageError } from '../../storage/index.ts'

/** A segmentation of a whole body as label map takes less. */
const MAX_BYTES = 1024 ** 3

/** @throws GliadeskError NOT_FOUND, BAD_FILE */
export async function readSegmentationFile(path: string): Promise<SegmentationObject> {
  try {
    const { size } = await stat(path)
    if (size > MAX_BYTES) {
      throw new GliadeskError(
        'BAD_FILE',
        `${basename(path)} takes more than 1 GiB, which no segmentation of a brain does.`,
        'Choose the segmentation itself.',
      )
    }
    return await readSegmentationObject(bytesAsSource(basename(path), await readFile(path)))
  } catch (error) {
    if (error instanceof GliadeskError) throw error
    throw asStorageError(error, 'reading the segmentation', path)
  }
}
