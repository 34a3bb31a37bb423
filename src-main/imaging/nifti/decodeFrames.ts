import { explainGzip, gunzip, isGzip, MAX_DEFLATE_RATIO } from '../compression/index.ts'
import { badFile, decodeVoxels, STORED_TYPES, voxelCount, voxelTypeOf } from '../volume/index.ts'
import type { Volume } from '../volume/index.ts'
import { REAL_DATATYPES } from './datatypes.ts'
import type { NiftiHeader } from './niftiHeader.ts'

/** Largest content that is read: a 1024³ volume of int16. */
const MAX_VOXEL_BYTES = 2 ** 31
/** Bytes that may follow the voxels before a compressed file counts as a decompression bomb. */
const TRAILING_SLACK_BYTES = 16 * 2 ** 20

/**
 * The volumes that a header announces, from the bytes that hold them. Sizes are checked before anything is allocated.
 *
 * @param bytes the file itself, or for a pair the `.img` file; gzipped or not
 * @throws GliadeskError BAD_FILE
 */
export async function decodeFrames(
  bytes: Uint8Array,
  peeked: NiftiHeader,
  fileName: string,
): Promise<{ volumes: Volume[]; header: NiftiHeader }> {
  const isCompressed = isGzip(bytes)
  const type = REAL_DATATYPES.get(peeked.datatype) ?? 'uint8'
  const frameBytes = voxelCount(peeked.dims) * STORED_TYPES[type]
  const voxelBytes = frameBytes * peeked.frames
  const end = peeked.voxelOffset + voxelBytes
  const reachable = isCompressed ? bytes.length * MAX_DEFLATE_RATIO : bytes.length
  if (voxelBytes > MAX_VOXEL_BYTES) {
    const frames = peeked.frames === 1 ? '' : ` × ${peeked.frames}`
    throw badFile(
      fileName,
      `the field "dim" promises ${peeked.dims.join(' × ')}${frames} voxels, more than this program opens (2 GiB).`,
      'Resample or crop the image, then import it again.',
    )
  }
  if (end > reachable) throw cutOff(fileName, peeked, end, null)

  const content = isCompressed ? await decompress(bytes, end, fileName) : bytes
  if (content.length < end) throw cutOff(fileName, peeked, end, content.length)

  const { littleEndian, slope, intercept } = peeked
  const warnings = [...peeked.warnings]
  const volumes = Array.from({ length: peeked.frames }, (_, frame): Volume => {
    const start = peeked.voxelOffset + frame * frameBytes
    const voxels = decodeVoxels(
      content.subarray(start, start + frameBytes),
      { type, littleEndian, slope, intercept },
      warnings,
    )
    return { grid: peeked.grid, voxelType: voxelTypeOf(voxels), voxels }
  })
  const raw = peeked.isPair ? peeked.raw : new Uint8Array(content.subarray(0, peeked.voxelOffset))
  return { volumes, header: { ...peeked, raw, warnings } }
}

async function decompress(bytes: Uint8Array, end: number, fileName: string): Promise<Uint8Array> {
  try {
    return await gunzip(bytes, end + TRAILING_SLACK_BYTES)
  } catch (error) {
    throw explainGzip(error, fileName)
  }
}

function cutOff(fileName: string, header: NiftiHeader, needed: number, present: number | null) {
  const found = present === null ? 'cannot hold that many' : `holds ${present}`
  return badFile(
    fileName,
    `the field "dim" promises ${header.dims.join(' × ')} voxels, which takes ${needed} bytes, but the file ${found}; it was cut off.`,
  )
}
