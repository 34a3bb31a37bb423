import { DataSet, type DataElement } from './dataSet.ts'
import { implicitVr } from './implicitVr.ts'
import { ITEM, ITEM_END, KEPT_TAGS, SEQUENCE_END, TAG, UNDEFINED_LENGTH } from './tags.ts'

/** How the elements of a data set are written. */
export interface Encoding {
  readonly explicit: boolean
  readonly littleEndian: boolean
}

/** The bytes at hand end inside an element. With more of the file, parsing may go further. */
export class OutOfBytes extends Error {}
/** The bytes cannot be a data set: `reason` completes the sentence "… cannot be read: ". */
export class MalformedDataSet extends Error {}

/** Sequences nest a few levels in real files; a deeper nest is an attack on the stack. */
const MAX_DEPTH = 16
/** Kept elements in one file: an Enhanced MR with 20,000 frames has about 500,000. */
const MAX_ELEMENTS = 2_000_000
/** VRs whose explicit form has two reserved bytes and a 4-byte length (PS3.5 table 7.1-1). */
const LONG_VRS = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '))

interface Cursor {
  readonly bytes: Uint8Array
  readonly view: DataView
  position: number
  kept: number
  readonly wanted: ReadonlySet<number>
}

/**
 * Reads the kept elements of a data set up to and including the head of its pixel data; every other element is
 * stepped over. Takes time linear in the bytes and memory bounded by the kept elements.
 *
 * @param start position of the first element
 * @param end first position that no longer belongs to the data set
 * @param wanted tags of the elements that are kept
 * @throws OutOfBytes where an element reaches beyond `end`; MalformedDataSet
 */
export function parseDataSet(
  bytes: Uint8Array,
  start: number,
  end: number,
  encoding: Encoding,
  wanted: ReadonlySet<number> = KEPT_TAGS,
): DataSet {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const cursor: Cursor = { bytes, view, position: start, kept: 0, wanted }
  const dataSet = new DataSet(bytes, encoding.littleEndian)
  parseElements(cursor, dataSet, end, encoding, 0)
  return dataSet
}

/** Reads the file meta group, which is always explicit little endian, and says where it ends. */
export function parseMetaGroup(bytes: Uint8Array, start: number): { meta: DataSet; end: number } {
  const encoding = { explicit: true, littleEndian: true }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const cursor: Cursor = { bytes, view, position: start, kept: 0, wanted: KEPT_TAGS }
  const meta = new DataSet(bytes, true)
  while (cursor.position + 8 <= bytes.length && view.getUint16(cursor.position, true) === 2) {
    parseElement(cursor, meta, bytes.length, encoding, 0)
  }
  return { meta, end: cursor.position }
}

function parseElements(
  cursor: Cursor,
  into: DataSet,
  end: number,
  encoding: Encoding,
  depth: number,
): void {
  while (cursor.position < end) {
    // A tail shorter than an element is padding.
    if (end - cursor.position < 8 && end < cursor.bytes.length) {
      cursor.position = end
      return
    }
    if (parseElement(cursor, into, end, encoding, depth) !== 'more') return
  }
}

/** @returns 'end' after the end of an item or the head of pixel data, where its parent stops too */
function parseElement(
  cursor: Cursor,
  into: DataSet,
  end: number,
  encoding: Encoding,
  depth: number,
): 'more' | 'end' {
  const { vr, isUnknown, tag, length, offset } = readHead(cursor, end, encoding)
  if (tag === ITEM_END || tag === SEQUENCE_END) return 'end'
  if (tag === ITEM) throw new MalformedDataSet('an item stands outside of a sequence')
  const isKept = cursor.wanted.has(tag)
  if (tag === TAG.pixelData && depth === 0) {
    keep(cursor, into, tag, { vr, offset, length, items: null })
    return 'end'
  }
  if (vr === 'SQ' || length === UNDEFINED_LENGTH) {
    // Of a sequence nobody asked for, a known length is enough to step over it.
    if (!isKept && length !== UNDEFINED_LENGTH) return skip(cursor, length, end)
    if (depth >= MAX_DEPTH) throw new MalformedDataSet('its sequences nest too deep')
    // PS3.5 6.2.2: a sequence of unknown VR is written in implicit little endian.
    const inner = isUnknown ? { explicit: false, littleEndian: true } : encoding
    // The items of encapsulated pixels (an icon's) are fragments, not data sets.
    const holdsDataSets = isKept && tag !== TAG.pixelData
    const items = parseItems(cursor, length, end, inner, depth + 1, holdsDataSets)
    if (holdsDataSets) keep(cursor, into, tag, { vr: 'SQ', offset, length, items })
    return 'more'
  }
  if (isKept) keep(cursor, into, tag, { vr, offset, length, items: null })
  return skip(cursor, length, end)
}

function keep(cursor: Cursor, into: DataSet, tag: number, element: DataElement): void {
  if (++cursor.kept > MAX_ELEMENTS) throw new MalformedDataSet('it has too many elements')
  // The first of two elements with one tag counts, as in an ordered data set there is only one.
  if (!into.elements.has(tag)) into.elements.set(tag, element)
}

function skip(cursor: Cursor, length: number, end: number): 'more' {
  if (length > end - cursor.position) throw new OutOfBytes()
  cursor.position += length
  return 'more'
}

function parseItems(
  cursor: Cursor,
  length: number,
  parentEnd: number,
  encoding: Encoding,
  depth: number,
  isKept: boolean,
): DataSet[] {
  const isOpen = length === UNDEFINED_LENGTH
  if (!isOpen && length > parentEnd - cursor.position) throw new OutOfBytes()
  const end = isOpen ? parentEnd : cursor.position + length
  const items: DataSet[] = []
  while (cursor.position < end) {
    if (end - cursor.position < 8) {
      if (isOpen) throw new OutOfBytes()
      cursor.position = end
      break
    }
    const { position, view } = cursor
    const tag = readTag(view, position, encoding.littleEndian)
    const itemLength = view.getUint32(position + 4, encoding.littleEndian)
    cursor.position += 8
    if (tag === SEQUENCE_END) return items
    if (tag !== ITEM) throw new MalformedDataSet('a sequence holds something else than items')
    const itemOpen = itemLength === UNDEFINED_LENGTH
    if (!itemOpen && itemLength > end - cursor.position) throw new OutOfBytes()
    const itemEnd = itemOpen ? end : cursor.position + itemLength
    if (!isKept && !itemOpen) {
      cursor.position = itemEnd
      continue
    }
    if (++cursor.kept > MAX_ELEMENTS) throw new MalformedDataSet('it has too many items')
    const item = new DataSet(cursor.bytes, encoding.littleEndian)
    parseElements(cursor, item, itemEnd, encoding, depth)
    if (!itemOpen) cursor.position = itemEnd
    if (isKept) items.push(item)
  }
  if (isOpen) throw new OutOfBytes()
  return items
}

const readTag = (view: DataView, position: number, littleEndian: boolean): number =>
  view.getUint16(position, littleEndian) * 0x1_0000 + view.getUint16(position + 2, littleEndian)

function readHead(
  cursor: Cursor,
  end: number,
  { explicit, littleEndian }: Encoding,
): { tag: number; vr: string; isUnknown: boolean; length: number; offset: number } {
  const { view, position, wanted } = cursor
  if (end - position < 8) throw new OutOfBytes()
  const tag = readTag(view, position, littleEndian)
  const isDelimiter = tag >= ITEM && tag <= SEQUENCE_END
  const first = view.getUint8(position + 4)
  const second = view.getUint8(position + 5)
  // Some writers leave the VR out of a single element of an explicit file: it is then read as implicit.
  const hasVr = explicit && !isDelimiter && isLetter(first) && isLetter(second)
  if (!hasVr) {
    cursor.position = position + 8
    const length = view.getUint32(position + 4, littleEndian)
    const vr = implicitVr(tag)
    return { tag, vr, isUnknown: false, length, offset: cursor.position }
  }
  const vr = String.fromCharCode(first, second)
  if (!LONG_VRS.has(vr)) {
    cursor.position = position + 8
    const length = view.getUint16(position + 6, littleEndian)
    return { tag, vr, isUnknown: false, length, offset: cursor.position }
  }
  if (end - position < 12) throw new OutOfBytes()
  cursor.position = position + 12
  const length = view.getUint32(position + 8, littleEndian)
  // A kept element of unknown VR is read by what its tag stands for.
  const isUnknown = vr === 'UN'
  const resolved = isUnknown && wanted.has(tag) ? implicitVr(tag) : vr
  return { tag, vr: resolved, isUnknown, length, offset: position + 12 }
}

const isLetter = (code: number): boolean => code >= 0x41 && code <= 0x5a
