import { badFile } from '../volume/index.ts'
import type { Volume } from '../volume/index.ts'
import { decodeFrames } from './decodeFrames.ts'
import type { NiftiHeader } from './niftiHeader.ts'
import { peekNiftiHeader } from './readNifti.ts'

/** Every volume of a file, all on one grid. */
export interface NiftiFrames {
  readonly volumes: readonly Volume[]
  readonly header: NiftiHeader
}

/**
 * Reads a NIfTI of one or several volumes, in one file or as a pair of `.hdr` and `.img`.
 *
 * @param bytes the `.nii`, `.nii.gz` or `.hdr` file
 * @param imageFile reads the `.img` file of a pair; called only for pairs
 * @throws GliadeskError BAD_FILE; what `imageFile` throws
 */
export async function readNiftiFrames(
  bytes: Uint8Array,
  fileName: string,
  imageFile?: () => Promise<Uint8Array>,
): Promise<NiftiFrames> {
  const header = peekNiftiHeader(bytes, fileName)
  if (!header.isPair) return decodeFrames(bytes, header, fileName)
  if (!imageFile) {
    throw badFile(
      fileName,
      'is the header of a two-file NIfTI (.hdr with .img), and the .img file is not at hand.',
      'Keep both files in one folder and import the folder.',
    )
  }
  return decodeFrames(await imageFile(), header, fileName)
}
