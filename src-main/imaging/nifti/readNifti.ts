import { explainGzip, gunzipStart, isGzip } from '../compression/index.ts'
import { badFile } from '../volume/index.ts'
import type { Volume } from '../volume/index.ts'
import { LAYOUTS } from './headerLayout.ts'
import type { NiftiHeader } from './niftiHeader.ts'
import { parseHeader } from './parseHeader.ts'
import { decodeFrames } from './decodeFrames.ts'

/** A file read whole. `header.raw` holds header and extensions. */
export interface NiftiImage {
  readonly volume: Volume
  readonly header: NiftiHeader
}

const PEEK_BYTES = LAYOUTS[2].size + 4

/**
 * Reads only the header of any NIfTI file, also of one that holds several volumes or is half of a pair.
 *
 * @param bytes the file or its first 16 KiB, gzipped or not
 * @throws GliadeskError BAD_FILE
 */
export function peekNiftiHeader(bytes: Uint8Array, fileName: string): NiftiHeader {
  if (!isGzip(bytes)) return parseHeader(bytes.subarray(0, PEEK_BYTES), fileName)
  let start: Uint8Array
  try {
    start = gunzipStart(bytes, PEEK_BYTES)
  } catch (error) {
    throw explainGzip(error, fileName)
  }
  return parseHeader(start, fileName)
}

/**
 * Reads only the header of a file with one volume: enough for grid, type and description.
 *
 * @param bytes the file or its first 16 KiB, gzipped or not
 * @throws GliadeskError BAD_FILE
 */
export function readNiftiHeader(bytes: Uint8Array, fileName: string): NiftiHeader {
  const header = peekNiftiHeader(bytes, fileName)
  if (header.isPair) {
    throw badFile(
      fileName,
      'is the header of a two-file NIfTI (.hdr with .img); its voxels lie in the other file.',
      'Keep both files in one folder and import the folder.',
    )
  }
  if (header.frames !== 1) {
    throw badFile(
      fileName,
      `holds ${header.frames} volumes of ${header.dims.join(' × ')}; one volume a file is expected.`,
      'Split the file into one file a sequence, then import the folder.',
    )
  }
  return header
}

/**
 * Reads a NIfTI-1 or NIfTI-2 file of any real number type, either byte order, gzipped or not. Values come out
 * physical (scl_slope and scl_inter applied); geometry is chosen as nibabel does. Sizes are checked against the
 * bytes at hand before anything is allocated.
 *
 * @param fileName what error messages call the file
 * @throws GliadeskError BAD_FILE naming file, field and remedy
 */
export async function readNifti(bytes: Uint8Array, fileName: string): Promise<NiftiImage> {
  const { volumes, header } = await decodeFrames(bytes, readNiftiHeader(bytes, fileName), fileName)
  return { volume: volumes[0], header }
}
