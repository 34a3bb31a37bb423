import { explainGzip, gunzip, MAX_DEFLATE_RATIO } from '../compression/index.ts'
import { badFile } from '../volume/index.ts'

export interface NrrdDataRequest {
  readonly encoding: string
  /** Bytes of one number. */
  readonly width: number
  /** Bytes that must come out. */
  readonly byteLength: number
  readonly lineSkip: number
  /** −1: the numbers are the last bytes there are. */
  readonly byteSkip: number
}

/** Bytes that may follow the voxels before compressed data counts as a decompression bomb. */
const TRAILING_SLACK_BYTES = 16 * 2 ** 20

/**
 * The numbers of a file as raw bytes in the file's byte order (text becomes float64 in this machine's order).
 *
 * @param bytes what follows the header, or the content of a data file
 * @throws GliadeskError BAD_FILE; nothing much larger than `byteLength` is allocated
 */
export async function extractNrrdData(
  bytes: Uint8Array,
  request: NrrdDataRequest,
  fileName: string,
): Promise<Uint8Array> {
  const { encoding, byteLength } = request
  let data = skipLines(bytes, request.lineSkip, fileName)
  switch (encoding) {
    case 'raw':
      data = skipBytes(data, request, fileName)
      break
    case 'gzip':
    case 'gz':
      data = skipBytes(await inflate(data, request, fileName), request, fileName)
      break
    case 'hex':
      data = fromHex(data, byteLength, fileName)
      break
    default:
      throw badFile(
        fileName,
        `the field "encoding" is "${encoding}"; raw, gzip, hex and ascii are read.`,
        'Save the file again with gzip compression or none.',
      )
  }
  if (data.length < byteLength) {
    throw badFile(
      fileName,
      `the header promises ${byteLength} bytes of voxels but ${data.length} are there; the file was cut off.`,
    )
  }
  return data.subarray(0, byteLength)
}

/** Numbers written as text, as float64: at most `count` of them are read. */
export function readTextNumbers(
  bytes: Uint8Array,
  lineSkip: number,
  count: number,
  fileName: string,
): Float64Array {
  const data = skipLines(bytes, lineSkip, fileName)
  // One digit and one space are the least that a number takes.
  if (count > data.length / 2 + 1) {
    throw badFile(fileName, `the header promises ${count} numbers, more than its text can hold.`)
  }
  const numbers = new Float64Array(count)
  let filled = 0
  let start = -1
  for (let i = 0; i <= data.length && filled < count; i++) {
    const isGap = i === data.length || data[i] <= 32 || data[i] === 44
    if (!isGap && start < 0) start = i
    if (isGap && start >= 0) {
      const word = new TextDecoder('latin1').decode(data.subarray(start, Math.min(i, start + 64)))
      const value = Number(word)
      if (Number.isNaN(value) && !/^nan$/i.test(word)) {
        throw badFile(fileName, `holds ${JSON.stringify(word)} where a number should stand.`)
      }
      numbers[filled++] = value
      start = -1
    }
  }
  if (filled < count) {
    throw badFile(fileName, `the header promises ${count} numbers but ${filled} are there.`)
  }
  return numbers
}

function skipLines(bytes: Uint8Array, lines: number, fileName: string): Uint8Array {
  let position = 0
  for (let line = 0; line < lines; line++) {
    const end = bytes.indexOf(10, position)
    if (end < 0)
      throw badFile(fileName, `the field "line skip" is ${lines}, more lines than there are.`)
    position = end + 1
  }
  return bytes.subarray(position)
}

function skipBytes(data: Uint8Array, request: NrrdDataRequest, fileName: string): Uint8Array {
  const { byteSkip, byteLength } = request
  if (byteSkip === -1) return data.subarray(Math.max(0, data.length - byteLength))
  if (byteSkip > data.length) {
    throw badFile(fileName, `the field "byte skip" is ${byteSkip}, more bytes than there are.`)
  }
  return data.subarray(byteSkip)
}

async function inflate(
  data: Uint8Array,
  request: NrrdDataRequest,
  fileName: string,
): Promise<Uint8Array> {
  const wanted = request.byteLength + Math.max(0, request.byteSkip)
  if (wanted > data.length * MAX_DEFLATE_RATIO) {
    throw badFile(
      fileName,
      `the header promises ${wanted} bytes of voxels, more than its ${data.length} compressed bytes can hold; the file was cut off.`,
    )
  }
  try {
    return await gunzip(data, wanted + TRAILING_SLACK_BYTES)
  } catch (error) {
    throw explainGzip(error, fileName)
  }
}

function fromHex(data: Uint8Array, byteLength: number, fileName: string): Uint8Array {
  if (byteLength > data.length / 2) {
    throw badFile(fileName, `the header promises ${byteLength} bytes, more than its text can hold.`)
  }
  const out = new Uint8Array(byteLength)
  let half = 0
  for (let i = 0; i < data.length && half < 2 * byteLength; i++) {
    if (data[i] <= 32) continue
    const digit = Number.parseInt(String.fromCharCode(data[i]), 16)
    if (Number.isNaN(digit))
      throw badFile(fileName, 'holds a character that is no hexadecimal digit.')
    out[half >> 1] |= half % 2 === 0 ? digit << 4 : digit
    half++
  }
  return half < 2 * byteLength ? out.subarray(0, half >> 1) : out
}
