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
import { extractNrrdData, readTextNumbers } from './nrrdData.ts'
import { readNrrdGeometry } from './nrrdGeometry.ts'
import { parseNrrdHeader, type NrrdText } from './parseNrrdHeader.ts'

/** What an NRRD file holds. */
export interface NrrdImage {
  /** All on one grid; one for a plain image, the layers of a 3D Slicer segmentation. */
  readonly volumes: readonly Volume[]
  /** Key/value pairs of the header, such as the segments of a `.seg.nrrd`. */
  readonly keyValues: ReadonlyMap<string, string>
  readonly warnings: readonly string[]
}

/** Number types by every spelling that NRRD allows. */
const TYPES: ReadonlyMap<string, StoredType> = new Map(
  Object.entries({
    int8: 'signed char|int8|int8_t',
    uint8: 'uchar|unsigned char|uint8|uint8_t',
    int16: 'short|short int|signed short|signed short int|int16|int16_t',
    uint16: 'ushort|unsigned short|unsigned short int|uint16|uint16_t',
    int32: 'int|signed int|int32|int32_t',
    uint32: 'uint|unsigned int|uint32|uint32_t',
    int64: 'longlong|long long|long long int|signed long long|signed long long int|int64|int64_t',
    uint64: 'ulonglong|unsigned long long|unsigned long long int|uint64|uint64_t',
    float32: 'float',
    float64: 'double',
  }).flatMap(([type, names]) => names.split('|').map((name) => [name, type as StoredType])),
)

const MAX_VOXEL_BYTES = 2 ** 31
const TEXT_ENCODINGS = ['ascii', 'text', 'txt']

/**
 * Reads an NRRD with attached or detached data: raw, gzip, hex or text, any real number type, either byte order, three
 * axes of space and at most one of list. Geometry comes out in RAS+ mm.
 *
 * @param companion reads a data file beside a detached header by its bare name
 * @throws GliadeskError BAD_FILE naming file, field and remedy; what `companion` throws
 */
export async function readNrrd(
  bytes: Uint8Array,
  fileName: string,
  companion?: ReadCompanion,
): Promise<NrrdImage> {
  const text = parseNrrdHeader(bytes, fileName)
  const { fields, keyValues } = text
  const warnings: string[] = []
  const { grid, frames, interleaved } = readNrrdGeometry(text, fileName, warnings)
  const type = typeOf(fields.get('type') ?? '', fileName)
  const count = voxelCount(grid.dims) * frames
  const byteLength = count * STORED_TYPES[type]
  if (!(byteLength <= MAX_VOXEL_BYTES)) {
    throw badFile(
      fileName,
      `the field "sizes" promises ${grid.dims.join(' × ')} voxels, more than this program opens (2 GiB).`,
      'Resample or crop the image, then import it again.',
    )
  }
  const data = await dataOf(bytes, text, byteLength, fileName, companion)
  const encoding = (fields.get('encoding') ?? 'raw').toLowerCase()
  const lineSkip = skipOf(fields.get('line skip'), 'line skip', 0, fileName)
  const numbers = { slope: 1, intercept: 0, littleEndian: true }
  if (TEXT_ENCODINGS.includes(encoding)) {
    const values = readTextNumbers(data, lineSkip, count, fileName)
    const written = new Uint8Array(values.buffer)
    // Text of an integer type is decoded as integers, so that labels stay labels.
    const stored = { ...numbers, type: 'float64' as const }
    const volumes = splitFrames(written, { grid, frames, interleaved, encoding: stored }, warnings)
    return { volumes: volumes.map((volume) => narrowed(volume, type)), keyValues, warnings }
  }
  const raw = await extractNrrdData(
    data,
    {
      encoding,
      width: STORED_TYPES[type],
      byteLength,
      lineSkip,
      byteSkip: skipOf(fields.get('byte skip'), 'byte skip', -1, fileName),
    },
    fileName,
  )
  const littleEndian = isLittleEndian(fields.get('endian'), type, fileName)
  const stored = { ...numbers, type, littleEndian }
  return {
    volumes: splitFrames(raw, { grid, frames, interleaved, encoding: stored }, warnings),
    keyValues,
    warnings,
  }
}

/** Integer text in its own voxel type where the viewer has that type. */
function narrowed(volume: Volume, type: StoredType): Volume {
  const arrays = { uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array } as const
  if (type === 'uint8' || type === 'int16' || type === 'uint16') {
    return { grid: volume.grid, voxelType: type, voxels: arrays[type].from(volume.voxels) }
  }
  return volume
}

function typeOf(name: string, fileName: string): StoredType {
  const type = TYPES.get(name.toLowerCase())
  if (type) return type
  throw badFile(
    fileName,
    name === ''
      ? 'lacks the field "type".'
      : `the field "type" is ${JSON.stringify(name.slice(0, 40))}, no number type that is read.`,
    'Save the image as 16-bit integers or 32-bit floating point numbers.',
  )
}

function isLittleEndian(value: string | undefined, type: StoredType, fileName: string): boolean {
  if (STORED_TYPES[type] === 1) return true
  const word = value?.toLowerCase()
  if (word === 'little' || word === 'big') return word === 'little'
  throw badFile(
    fileName,
    'the field "endian" must be little or big where numbers take several bytes.',
  )
}

function skipOf(
  value: string | undefined,
  field: string,
  minimum: number,
  fileName: string,
): number {
  const skip = value === undefined ? 0 : Number(value)
  if (Number.isSafeInteger(skip) && skip >= minimum) return skip
  throw badFile(
    fileName,
    `the field "${field}" holds ${JSON.stringify(value)}, no number of that kind.`,
  )
}

/** What follows an attached header, or the content of the files that a detached one names. */
async function dataOf(
  bytes: Uint8Array,
  text: NrrdText,
  byteLength: number,
  fileName: string,
  companion: ReadCompanion | undefined,
): Promise<Uint8Array> {
  const dataFile = text.fields.get('data file')
  if (dataFile === undefined) return bytes.subarray(text.dataOffset)
  if (!companion) {
    throw badFile(
      fileName,
      'is an NRRD header whose voxels lie in another file, which is not at hand.',
      'Keep both files in one folder and import the folder.',
    )
  }
  const pattern = /^(\S*%\d*d\S*)\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)(?:\s+\d+)?$/.exec(dataFile)
  const names = pattern
    ? namesOfPattern(
        pattern[1],
        { first: Number(pattern[2]), last: Number(pattern[3]), step: Number(pattern[4]) },
        fileName,
      )
    : dataFile.startsWith('LIST')
      ? listed(text.fields.get('data file list') ?? '')
      : [dataFile]
  const isRaw = (text.fields.get('encoding') ?? 'raw').toLowerCase() === 'raw'
  if (names.length > 1 && !isRaw) {
    throw badFile(
      fileName,
      'spreads its voxels over several compressed files, which is not read.',
      'Save it as one file.',
    )
  }
  return readCompanions(names, companion, byteLength * 2 + 2 ** 20, fileName)
}

const listed = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
