import type { VolumeGrid } from '../../contract/volume.ts'
import { explainGzip, gunzip, MAX_DEFLATE_RATIO } from '../compression/index.ts'
import { affineDeterminant, createGrid, swapRasLps } from '../geometry/index.ts'
import {
  badFile,
  namesOfPattern,
  readCompanions,
  splitFrames,
  STORED_TYPES,
  voxelCount,
  type ReadCompanion,
  type StoredType,
  type Volume,
} from '../volume/index.ts'
import { parseMetaHeader, type MetaText } from './parseMetaHeader.ts'

/** What a MetaImage file holds: one volume, or several on one grid. */
export interface MetaImage {
  readonly volumes: readonly Volume[]
  readonly warnings: readonly string[]
}

const TYPES: ReadonlyMap<string, StoredType> = new Map([
  ['MET_CHAR', 'int8'],
  ['MET_UCHAR', 'uint8'],
  ['MET_SHORT', 'int16'],
  ['MET_USHORT', 'uint16'],
  ['MET_INT', 'int32'],
  ['MET_UINT', 'uint32'],
  ['MET_LONG', 'int32'],
  ['MET_ULONG', 'uint32'],
  ['MET_LONG_LONG', 'int64'],
  ['MET_ULONG_LONG', 'uint64'],
  ['MET_FLOAT', 'float32'],
  ['MET_DOUBLE', 'float64'],
])

const MAX_VOXEL_BYTES = 2 ** 31
const MAX_AXIS = 2 ** 20
const TRAILING_SLACK_BYTES = 16 * 2 ** 20

/**
 * Reads a MetaImage (`.mha`, or `.mhd` with its data file): three axes of space and at most one more, several channels,
 * zlib compression, either byte order. As in ITK, TransformMatrix holds one axis direction after the other and, with
 * Offset, speaks LPS; AnatomicalOrientation only describes and is not applied.
 *
 * @param companion reads the data file of an `.mhd` by its bare name
 * @throws GliadeskError BAD_FILE naming file, field and remedy; what `companion` throws
 */
export async function readMetaImage(
  bytes: Uint8Array,
  fileName: string,
  companion?: ReadCompanion,
): Promise<MetaImage> {
  const text = parseMetaHeader(bytes, fileName)
  const warnings: string[] = []
  const { grid, frames } = readGeometry(text, fileName)
  const type = typeOf(text.fields.get('elementtype') ?? '', fileName)
  const channels = wholeNumber(text, 'ElementNumberOfChannels', fileName, 1)
  if (channels < 1 || (channels > 1 && frames > 1)) {
    throw badFile(fileName, 'holds channels in several time points, which is not read.')
  }
  const byteLength = voxelCount(grid.dims) * frames * channels * STORED_TYPES[type]
  if (!(byteLength <= MAX_VOXEL_BYTES)) {
    throw badFile(
      fileName,
      `the field "DimSize" promises ${grid.dims.join(' × ')} voxels, more than this program opens (2 GiB).`,
      'Resample or crop the image, then import it again.',
    )
  }
  const data = await dataOf(bytes, text, byteLength, fileName, companion)
  const raw = await extract(data, text, byteLength, fileName)
  const encoding = {
    type,
    littleEndian: !isTrue(text, 'binarydatabyteordermsb') && !isTrue(text, 'elementbyteordermsb'),
    slope: 1,
    intercept: 0,
  }
  const volumes = splitFrames(
    raw,
    { grid, frames: Math.max(frames, channels), interleaved: channels > 1, encoding },
    warnings,
  )
  return { volumes, warnings }
}

const isTrue = (text: MetaText, key: string): boolean => /^true$/i.test(text.fields.get(key) ?? '')

function typeOf(name: string, fileName: string): StoredType {
  const type = TYPES.get(name.toUpperCase().replace(/_ARRAY$/, ''))
  if (type) return type
  throw badFile(
    fileName,
    `the field "ElementType" is ${JSON.stringify(name.slice(0, 40))}, no number type that is read.`,
    'Save the image as 16-bit integers or 32-bit floating point numbers.',
  )
}

function wholeNumber(
  text: MetaText,
  field: string,
  fileName: string,
  fallback: number,
  minimum = 0,
): number {
  const written = text.fields.get(field.toLowerCase())
  const value = written === undefined ? fallback : Number(written)
  if (Number.isSafeInteger(value) && value >= minimum) return value
  throw badFile(
    fileName,
    `the field "${field}" holds ${JSON.stringify(written)}, no number of that kind.`,
  )
}

function numbersOf(text: MetaText, names: readonly string[], count: number, fileName: string) {
  const name = names.find((candidate) => text.fields.has(candidate.toLowerCase()))
  if (name === undefined) return null
  const words = (text.fields.get(name.toLowerCase()) ?? '').split(/\s+/)
  const numbers = words.filter((word) => word !== '').map(Number)
  if (numbers.length !== count || !numbers.every(Number.isFinite)) {
    throw badFile(fileName, `the field "${name}" does not hold ${count} numbers.`)
  }
  return numbers
}

function readGeometry(text: MetaText, fileName: string): { grid: VolumeGrid; frames: number } {
  const rank = wholeNumber(text, 'NDims', fileName, 3)
  if (rank < 2 || rank > 4) {
    throw badFile(fileName, `the field "NDims" names ${rank} dimensions; two to four are read.`)
  }
  const sizes = numbersOf(text, ['DimSize'], rank, fileName)
  if (!sizes?.every((size) => Number.isInteger(size) && size >= 1 && size <= MAX_AXIS)) {
    throw badFile(fileName, 'the field "DimSize" is missing or names no usable number of voxels.')
  }
  const spacing = numbersOf(text, ['ElementSpacing', 'ElementSize'], rank, fileName)
  const offset = numbersOf(text, ['Offset', 'Origin', 'Position'], rank, fileName)
  const names = ['TransformMatrix', 'Rotation', 'Orientation']
  const matrix = numbersOf(text, names, rank * rank, fileName)
  const lps = new Array<number>(16).fill(0)
  lps[15] = 1
  for (let axis = 0; axis < 3; axis++) {
    const step = axis < rank ? (spacing?.[axis] ?? 1) : 1
    for (let row = 0; row < 3; row++) {
      const isWritten = matrix !== null && axis < rank && row < rank
      const cosine = isWritten ? matrix[axis * rank + row] : axis === row ? 1 : 0
      lps[4 * row + axis] = cosine * step
    }
    lps[4 * axis + 3] = axis < rank ? (offset?.[axis] ?? 0) : 0
  }
  if (!(Math.abs(affineDeterminant(lps)) > 1e-12)) {
    throw badFile(
      fileName,
      'the fields "TransformMatrix" and "ElementSpacing" give voxels without a volume.',
    )
  }
  const grid = createGrid([sizes[0], sizes[1], sizes[2] ?? 1], swapRasLps(lps))
  return { grid, frames: sizes[3] ?? 1 }
}

async function dataOf(
  bytes: Uint8Array,
  text: MetaText,
  byteLength: number,
  fileName: string,
  companion: ReadCompanion | undefined,
): Promise<Uint8Array> {
  const written = text.fields.get('elementdatafile') ?? ''
  if (/^local$/i.test(written)) return bytes.subarray(text.dataOffset)
  if (!companion) {
    throw badFile(
      fileName,
      'is a MetaImage header whose voxels lie in another file, which is not at hand.',
      'Keep both files in one folder and import the folder.',
    )
  }
  const pattern = /^(\S*%\d*d\S*)\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)$/.exec(written)
  const names = pattern
    ? namesOfPattern(
        pattern[1],
        { first: Number(pattern[2]), last: Number(pattern[3]), step: Number(pattern[4]) },
        fileName,
      )
    : /^LIST/.test(written)
      ? text.list
      : [written]
  return readCompanions(names, companion, byteLength * 2 + 2 ** 20, fileName)
}

async function extract(
  data: Uint8Array,
  text: MetaText,
  byteLength: number,
  fileName: string,
): Promise<Uint8Array> {
  if (/^false$/i.test(text.fields.get('binarydata') ?? '')) {
    throw badFile(fileName, 'writes its voxels as text, which is not read.', 'Save it as binary.')
  }
  let content = data
  if (isTrue(text, 'compresseddata')) {
    const size = wholeNumber(text, 'CompressedDataSize', fileName, data.length)
    const packed = data.subarray(0, size === 0 ? data.length : size)
    if (byteLength > packed.length * MAX_DEFLATE_RATIO) throw cutOff(fileName, byteLength, null)
    try {
      content = await gunzip(packed, byteLength + TRAILING_SLACK_BYTES, 'deflate')
    } catch (error) {
      throw explainGzip(error, fileName)
    }
  } else {
    // −1 says that the voxels are the last bytes of the file.
    const skip = wholeNumber(text, 'HeaderSize', fileName, 0, -1)
    content =
      skip === -1 ? data.subarray(Math.max(0, data.length - byteLength)) : data.subarray(skip)
  }
  if (content.length < byteLength) throw cutOff(fileName, byteLength, content.length)
  return content.subarray(0, byteLength)
}

function cutOff(fileName: string, needed: number, present: number | null) {
  const found =
    present === null ? 'its compressed data cannot hold that many' : `it holds ${present}`
  return badFile(
    fileName,
    `the header promises ${needed} bytes of voxels but ${found}; the file was cut off.`,
  )
}
