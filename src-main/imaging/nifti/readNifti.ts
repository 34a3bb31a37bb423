import { voxelCount, voxelTypeOf } from '../volume/index.ts'
import type { Volume } from '../volume/index.ts'
import { badFile } from './badFile.ts'
import { REAL_DATATYPES } from './datatypes.ts'
import { decodeVoxels } from './decodeVoxels.ts'
import { gunzip, gunzipStart, GzipError, isGzip } from './gzip.ts'
import { LAYOUTS } from './headerLayout.ts'
import type { NiftiHeader } from './niftiHeader.ts'
import { parseHeader } from './parseHeader.ts'

/** A file read whole. `header.raw` holds header and extensions. */
export interface NiftiImage {
  readonly volume: Volume
  readonly header: NiftiHeader
}

/** Largest image that is read: a 1024³ volume of int16. */
const MAX_VOXEL_BYTES = 2 ** 31
/** Deflate cannot shrink further than 1032 : 1; a header that claims more than that is lying. */
const MAX_DEFLATE_RATIO = 1032
/** Bytes that may follow the voxels before a compressed file counts as a decompression bomb. */
const TRAILING_SLACK_BYTES = 16 * 2 ** 20

/**
 * Reads only the header: enough for grid, type and description.
 *
 * @param bytes the file or its first 16 KiB, gzipped or not
 * @throws GliadeskError BAD_FILE
 */
export function readNiftiHeader(bytes: Uint8Array, fileName: string): NiftiHeader {
  return parseHeader(
    isGzip(bytes) ? peek(bytes, fileName) : bytes.subarray(0, PEEK_BYTES),
    fileName,
  )
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
  const isCompressed = isGzip(bytes)
  const peeked = readNiftiHeader(bytes, fileName)
  const datatype = REAL_DATATYPES.get(peeked.datatype)
  const voxelBytes = voxelCount(peeked.dims) * (datatype?.bytes ?? 1)
  const end = peeked.voxelOffset + voxelBytes
  const reachable = isCompressed ? bytes.length * MAX_DEFLATE_RATIO : bytes.length
  if (voxelBytes > MAX_VOXEL_BYTES) {
    throw badFile(
      fileName,
      `the field "dim" promises ${peeked.dims.join(' × ')} voxels, more than this program opens (2 GiB).`,
      'Resample or crop the image, then import it again.',
    )
  }
  if (end > reachable) throw cutOff(fileName, peeked, end, null)

  const content = isCompressed ? await decompress(bytes, end, fileName) : bytes
  if (content.length < end) throw cutOff(fileName, peeked, end, content.length)

  const warnings = [...peeked.warnings]
  const voxels = decodeVoxels(content.subarray(peeked.voxelOffset, end), peeked, warnings)
  return {
    volume: { grid: peeked.grid, voxelType: voxelTypeOf(voxels), voxels },
    header: { ...peeked, raw: new Uint8Array(content.subarray(0, peeked.voxelOffset)), warnings },
  }
}

const PEEK_BYTES = LAYOUTS[2].size + 4

function peek(bytes: Uint8Array, fileName: string): Uint8Array {
  try {
    return gunzipStart(bytes, PEEK_BYTES)
  } catch (error) {
    throw explainGzip(error, fileName)
  }
}

async function decompress(bytes: Uint8Array, end: number, fileName: string): Promise<Uint8Array> {
  try {
    return await gunzip(bytes, end + TRAILING_SLACK_BYTES)
  } catch (error) {
    throw explainGzip(error, fileName)
  }
}

function explainGzip(error: unknown, fileName: string): unknown {
  if (!(error instanceof GzipError)) return error
  const problem = {
    CORRUPT: 'the gzip compression is damaged, so the voxels cannot be trusted.',
    TRUNCATED: 'the compressed data ends early; the file was cut off, perhaps during copying.',
    TOO_LARGE: 'decompresses to far more data than its header announces.',
  }[error.reason]
  return badFile(fileName, problem, undefined, { cause: error })
}

function cutOff(fileName: string, header: NiftiHeader, needed: number, present: number | null) {
  const found = present === null ? 'cannot hold that many' : `holds ${present}`
  return badFile(
    fileName,
    `the field "dim" promises ${header.dims.join(' × ')} voxels, which takes ${needed} bytes, but the file ${found}; it was cut off.`,
  )
}
