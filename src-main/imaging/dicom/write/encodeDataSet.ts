import { ATTRIBUTES, type Keyword } from './attributes.ts'
import type { AttributeValue, DataSetContent } from './dataSetContent.ts'
import { decimalString } from './decimalString.ts'
import { joinBytes } from '../../bytes/index.ts'

/** VRs whose length takes four bytes after two reserved ones (PS3.5 table 7.1-1). */
const LONG_VRS: ReadonlySet<string> = new Set(['OB', 'OW', 'SQ', 'UC', 'UN', 'UR', 'UT'])
const NUMBER_BYTES: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8 }
/** Most characters of one value (PS3.5 table 6.2-1). */
const MAX_CHARACTERS: Readonly<Record<string, number>> = {
  CS: 16,
  SH: 16,
  LO: 64,
  UI: 64,
  PN: 64,
  DS: 16,
  IS: 12,
}
const ITEM = 0xfffe_e000

/**
 * Encodes a data set in explicit VR little endian, elements in ascending order of their tags, sequences and items with
 * their lengths.
 *
 * @throws RangeError where a value does not fit its VR: a mistake of this program, never of its input
 */
export function encodeDataSet(content: DataSetContent): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = []
  appendDataSet(parts, content)
  return joinBytes(parts)
}

/** @returns the number of bytes appended */
function appendDataSet(parts: Uint8Array[], content: DataSetContent): number {
  const keywords = Object.keys(content) as Keyword[]
  keywords.sort((left, right) => ATTRIBUTES[left][0] - ATTRIBUTES[right][0])
  let length = 0
  for (const keyword of keywords) {
    const value = content[keyword]
    if (value !== undefined) length += appendElement(parts, keyword, value)
  }
  return length
}

function appendElement(parts: Uint8Array[], keyword: Keyword, value: AttributeValue): number {
  const [tag, vr] = ATTRIBUTES[keyword]
  const head = parts.push(new Uint8Array()) - 1
  let length = 0
  if (vr === 'SQ') {
    for (const item of value as readonly DataSetContent[]) length += appendItem(parts, item)
  } else {
    const bytes = encodeValue(
      keyword,
      vr,
      value as Exclude<AttributeValue, readonly DataSetContent[]>,
    )
    parts.push(bytes)
    length = bytes.length
  }
  parts[head] = elementHead(tag, vr, length)
  return parts[head].length + length
}

function appendItem(parts: Uint8Array[], content: DataSetContent): number {
  const head = parts.push(new Uint8Array()) - 1
  const length = appendDataSet(parts, content)
  const bytes = new Uint8Array(8)
  writeTag(new DataView(bytes.buffer), ITEM)
  new DataView(bytes.buffer).setUint32(4, length, true)
  parts[head] = bytes
  return 8 + length
}

function elementHead(tag: number, stated: string, length: number): Uint8Array {
  // PS3.5 6.2.2: a value too long for the two bytes of its VR's length is written as UN, which has four.
  const vr = !LONG_VRS.has(stated) && length > 0xffff ? 'UN' : stated
  const isLong = LONG_VRS.has(vr)
  const bytes = new Uint8Array(isLong ? 12 : 8)
  const view = new DataView(bytes.buffer)
  writeTag(view, tag)
  bytes[4] = vr.charCodeAt(0)
  bytes[5] = vr.charCodeAt(1)
  if (isLong) view.setUint32(8, length, true)
  else view.setUint16(6, length, true)
  return bytes
}

function writeTag(view: DataView, tag: number): void {
  view.setUint16(0, Math.floor(tag / 0x1_0000), true)
  view.setUint16(2, tag % 0x1_0000, true)
}

function encodeValue(
  keyword: Keyword,
  vr: string,
  value: string | number | readonly string[] | readonly number[] | Uint8Array,
): Uint8Array {
  if (value instanceof Uint8Array) return padded(value, 0)
  const values: readonly (string | number)[] = typeof value === 'object' ? value : [value]
  if (vr === 'AT') return encodeTags(values.map(Number))
  const size = NUMBER_BYTES[vr]
  if (size !== undefined) return encodeNumbers(vr, size, values.map(Number))
  const texts = values.map((part) => (typeof part === 'number' ? numberText(vr, part) : part))
  const longest = MAX_CHARACTERS[vr]
  for (const text of texts) {
    if (longest !== undefined && [...text].length > longest) {
      throw new RangeError(`${keyword} is longer than ${longest} characters: ${text}`)
    }
  }
  return padded(new TextEncoder().encode(texts.join('\\')), vr === 'UI' ? 0 : 0x20)
}

const numberText = (vr: string, value: number): string =>
  vr === 'IS' ? String(Math.trunc(value)) : decimalString(value)

function padded(bytes: Uint8Array, filler: number): Uint8Array {
  if (bytes.length % 2 === 0) return bytes
  const even = new Uint8Array(bytes.length + 1).fill(filler)
  even.set(bytes)
  return even
}

function encodeTags(tags: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * tags.length)
  tags.forEach((tag, index) => writeTag(new DataView(bytes.buffer, 4 * index), tag))
  return bytes
}

function encodeNumbers(vr: string, size: number, values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(size * values.length)
  const view = new DataView(bytes.buffer)
  values.forEach((value, index) => {
    const at = size * index
    if (vr === 'FD') view.setFloat64(at, value, true)
    else if (vr === 'FL') view.setFloat32(at, value, true)
    else if (size === 2) view.setInt16(at, value, true)
    else view.setInt32(at, value, true)
  })
  return bytes
}
