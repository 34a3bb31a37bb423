import { GliadeskError } from '../../contract/index.ts'
import type { ChangeTally } from './changeTally.ts'

/** A text field of a NIfTI header. */
interface Field {
  readonly name: string
  readonly offset: number
  readonly length: number
}

/** Fields that may hold text (nifti1.h, nifti2.h); the unused ones of version 1 hold what ANALYZE put there. */
const FIELDS: Record<1 | 2, readonly Field[]> = {
  1: [
    { name: 'data_type', offset: 4, length: 10 },
    { name: 'db_name', offset: 14, length: 18 },
    { name: 'extents', offset: 32, length: 4 },
    { name: 'session_error', offset: 36, length: 2 },
    { name: 'glmax, glmin', offset: 140, length: 8 },
    { name: 'descrip', offset: 148, length: 80 },
    { name: 'aux_file', offset: 228, length: 24 },
    { name: 'intent_name', offset: 328, length: 16 },
  ],
  2: [
    { name: 'descrip', offset: 240, length: 80 },
    { name: 'aux_file', offset: 320, length: 24 },
    { name: 'intent_name', offset: 508, length: 16 },
    { name: 'unused_str', offset: 525, length: 15 },
  ],
}
const BYTES_OF_TYPE = new Map([
  [2, 1],
  [4, 2],
  [8, 4],
  [16, 4],
  [32, 8],
  [64, 8],
  [128, 3],
  [256, 1],
  [512, 2],
  [768, 4],
  [1024, 8],
  [1280, 8],
  [1536, 16],
  [1792, 16],
  [2048, 32],
  [2304, 4],
])

export interface ScrubbedHeader {
  /** Header and the mark that no extension follows. */
  readonly bytes: Uint8Array
  /** Where the image data begin in the file that was read; in a pair, in the .img file. */
  readonly dataOffset: number
  readonly dataBytes: number
  /** The image data lie in an .img file of their own. */
  readonly isPair: boolean
}

/** Bytes that have to be read of a file to scrub its header. */
export const NIFTI_HEADER_BYTES = 544

/**
 * Empties every text field of a NIfTI-1 or -2 header and drops all extensions. Geometry, scaling and type stay.
 *
 * @param start the first bytes of the file, inflated; at least 348
 * @param fileName used in sentences
 * @throws GliadeskError BAD_FILE where it is no NIfTI header (ANALYZE included)
 */
export function scrubNiftiHeader(
  start: Uint8Array,
  fileName: string,
  tally: ChangeTally,
): ScrubbedHeader {
  const { version, littleEndian, isPair } = recognise(start, fileName)
  const size = version === 1 ? 348 : 540
  const bytes = new Uint8Array(size + 4)
  bytes.set(start.subarray(0, size))
  for (const { name, offset, length } of FIELDS[version]) {
    const field = bytes.subarray(offset, offset + length)
    if (field.every((byte) => byte === 0)) continue
    field.fill(0)
    tally.add(name, 'Field of the NIfTI header', 'emptied')
  }
  const view = new DataView(bytes.buffer)
  const dataOffset =
    version === 1 ? view.getFloat32(108, littleEndian) : Number(view.getBigInt64(168, littleEndian))
  const dataBytes = imageBytes(view, version, littleEndian)
  const isSound =
    Number.isInteger(dataOffset) && dataOffset >= (isPair ? 0 : size) && dataBytes !== null
  if (!isSound) {
    throw problem(fileName, 'its NIfTI header has no possible size or place of the image data.')
  }
  const hasExtension = isPair ? (start[size] ?? 0) !== 0 : dataOffset > size + 4
  if (hasExtension) tally.add('extension', 'Extensions of the NIfTI header', 'removed')
  const newOffset = isPair ? 0 : size + 4
  if (version === 1) view.setFloat32(108, newOffset, littleEndian)
  else view.setBigInt64(168, BigInt(newOffset), littleEndian)
  return { bytes, dataOffset, dataBytes, isPair }
}

function recognise(
  start: Uint8Array,
  fileName: string,
): { version: 1 | 2; littleEndian: boolean; isPair: boolean } {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength)
  if (start.length >= 348) {
    for (const littleEndian of [true, false]) {
      const size = view.getInt32(0, littleEndian)
      const version = size === 348 ? 1 : size === 540 && start.length >= 540 ? 2 : null
      if (version === null) continue
      const at = version === 1 ? 344 : 4
      const magic = String.fromCharCode(...start.subarray(at, at + 3))
      if (magic === `n+${version}`) return { version, littleEndian, isPair: false }
      if (magic === `ni${version}`) return { version, littleEndian, isPair: true }
    }
  }
  throw problem(fileName, 'it is no NIfTI file.')
}

/** Bytes of the image data by dimensions and type; null where they cannot be. */
function imageBytes(view: DataView, version: 1 | 2, littleEndian: boolean): number | null {
  const dim = (index: number): number =>
    version === 1
      ? view.getInt16(40 + 2 * index, littleEndian)
      : Number(view.getBigInt64(16 + 8 * index, littleEndian))
  const each = BYTES_OF_TYPE.get(view.getInt16(version === 1 ? 70 : 12, littleEndian))
  const axes = dim(0)
  if (each === undefined || axes < 1 || axes > 7) return null
  let count = each
  for (let axis = 1; axis <= axes; axis++) {
    if (dim(axis) < 1) return null
    count *= dim(axis)
  }
  return Number.isSafeInteger(count) ? count : null
}

const problem = (fileName: string, what: string): GliadeskError =>
  new GliadeskError(
    'BAD_FILE',
    `${fileName}: ${what}`,
    'Export the image again, or leave it out; it was not copied.',
  )
