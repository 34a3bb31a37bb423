import { MalformedDataSet, OutOfBytes, type Encoding } from '../read/parseDataSet.ts'
import { ITEM, ITEM_END, SEQUENCE_END, UNDEFINED_LENGTH } from '../read/tags.ts'
import { BULK_TAGS, LONG_VRS, type TreeElement, type TreeItem } from './dataSetTree.ts'
import { dictionaryVr } from './dictionaryVr.ts'

/** Sequences nest a few levels in real files; a deeper nest is an attack on the stack. */
const MAX_DEPTH = 16
/** An Enhanced MR with 20,000 frames has about a million elements. */
const MAX_ELEMENTS = 2_000_000
const IMPLICIT: Encoding = { explicit: false, littleEndian: true }

/** Elements of a data set up to its pixels, and the head of the pixels where there are some. */
export interface ParsedTree {
  readonly elements: readonly TreeElement[]
  readonly bulk: {
    readonly tag: number
    readonly vr: string
    readonly offset: number
    readonly length: number
  } | null
}

interface Cursor {
  readonly bytes: Uint8Array
  readonly view: DataView
  position: number
  count: number
}

interface Head {
  readonly tag: number
  readonly vr: string
  readonly isUnknown: boolean
  readonly length: number
}

/**
 * Reads every element of a data set, nested ones included, up to the head of its pixel data. Values are views of
 * `bytes`, never copies.
 *
 * @throws OutOfBytes where an element reaches beyond the bytes; MalformedDataSet
 */
export function parseTree(bytes: Uint8Array, start: number, encoding: Encoding): ParsedTree {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const cursor: Cursor = { bytes, view, position: start, count: 0 }
  const elements: TreeElement[] = []
  while (cursor.position < bytes.length) {
    const head = readHead(cursor, bytes.length, encoding)
    if (BULK_TAGS.has(head.tag)) {
      const { tag, vr, length } = head
      return { elements, bulk: { tag, vr, length, offset: cursor.position } }
    }
    if (isDelimiter(head.tag))
      throw new MalformedDataSet('a delimiter stands outside of a sequence')
    elements.push(readBody(cursor, head, bytes.length, encoding, 0))
  }
  return { elements, bulk: null }
}

/** Reads the file meta group, always explicit little endian, from `start` on. */
export function parseMetaTree(
  bytes: Uint8Array,
  start: number,
): { elements: TreeElement[]; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const cursor: Cursor = { bytes, view, position: start, count: 0 }
  const encoding = { explicit: true, littleEndian: true }
  const elements: TreeElement[] = []
  while (cursor.position + 8 <= bytes.length && view.getUint16(cursor.position, true) === 2) {
    const head = readHead(cursor, bytes.length, encoding)
    elements.push(readBody(cursor, head, bytes.length, encoding, 0))
  }
  return { elements, end: cursor.position }
}

function readBody(
  cursor: Cursor,
  head: Head,
  end: number,
  encoding: Encoding,
  depth: number,
): TreeElement {
  const { tag, vr, isUnknown, length } = head
  if (++cursor.count > MAX_ELEMENTS) throw new MalformedDataSet('it has too many elements')
  const isOpen = length === UNDEFINED_LENGTH
  if (isOpen && (vr === 'OB' || vr === 'OW')) {
    return {
      kind: 'leaf',
      tag,
      vr,
      value: readFragments(cursor, end, encoding),
      isEncapsulated: true,
    }
  }
  if (!isOpen && length > end - cursor.position) throw new OutOfBytes()
  if (vr === 'SQ' || isOpen) {
    if (depth >= MAX_DEPTH) throw new MalformedDataSet('its sequences nest too deep')
    const inner = isUnknown ? IMPLICIT : encoding
    const items = readItems(cursor, length, end, inner, depth + 1)
    return { kind: 'sequence', tag, items, isOpen, isUnknown }
  }
  const value = cursor.bytes.subarray(cursor.position, cursor.position + length)
  if (isUnknown && dictionaryVr(tag) === 'SQ' && depth < MAX_DEPTH) {
    const items = tryItems(cursor, length, end, depth)
    if (items) return { kind: 'sequence', tag, items, isOpen, isUnknown }
  }
  cursor.position += length
  return { kind: 'leaf', tag, vr, value, isEncapsulated: false }
}

/** A sequence that a converter wrote as UN of a known length; null where the bytes are something else. */
function tryItems(cursor: Cursor, length: number, end: number, depth: number): TreeItem[] | null {
  const { position } = cursor
  try {
    return readItems(cursor, length, end, IMPLICIT, depth + 1)
  } catch (error) {
    if (!(error instanceof OutOfBytes || error instanceof MalformedDataSet)) throw error
    cursor.position = position
    return null
  }
}

function readItems(
  cursor: Cursor,
  length: number,
  parentEnd: number,
  encoding: Encoding,
  depth: number,
): TreeItem[] {
  const isOpen = length === UNDEFINED_LENGTH
  const end = isOpen ? parentEnd : cursor.position + length
  const items: TreeItem[] = []
  while (isOpen || cursor.position < end) {
    const { tag, length: itemLength } = readDelimiter(cursor, end, encoding)
    if (tag === SEQUENCE_END) {
      if (!isOpen) cursor.position = end
      return items
    }
    if (tag !== ITEM) throw new MalformedDataSet('a sequence holds something else than items')
    if (++cursor.count > MAX_ELEMENTS) throw new MalformedDataSet('it has too many items')
    items.push(readItem(cursor, itemLength, end, encoding, depth))
  }
  return items
}

function readItem(
  cursor: Cursor,
  length: number,
  parentEnd: number,
  encoding: Encoding,
  depth: number,
): TreeItem {
  const isOpen = length === UNDEFINED_LENGTH
  if (!isOpen && length > parentEnd - cursor.position) throw new OutOfBytes()
  const end = isOpen ? parentEnd : cursor.position + length
  const elements: TreeElement[] = []
  while (isOpen || cursor.position < end) {
    const head = readHead(cursor, end, encoding)
    if (head.tag === ITEM_END) {
      if (!isOpen) cursor.position = end
      break
    }
    if (isDelimiter(head.tag)) throw new MalformedDataSet('an item stands outside of a sequence')
    elements.push(readBody(cursor, head, end, encoding, depth))
  }
  return { elements, isOpen }
}

/** The raw fragments of nested encapsulated pixels, without the delimiter that ends them. */
function readFragments(cursor: Cursor, end: number, encoding: Encoding): Uint8Array {
  const start = cursor.position
  for (;;) {
    const before = cursor.position
    const { tag, length } = readDelimiter(cursor, end, encoding)
    if (tag === SEQUENCE_END) return cursor.bytes.subarray(start, before)
    if (tag !== ITEM || length === UNDEFINED_LENGTH) {
      throw new MalformedDataSet('its compressed pixels hold something else than fragments')
    }
    if (length > end - cursor.position) throw new OutOfBytes()
    cursor.position += length
  }
}

const isDelimiter = (tag: number): boolean => tag >= ITEM && tag <= SEQUENCE_END

const readTag = (view: DataView, position: number, littleEndian: boolean): number =>
  view.getUint16(position, littleEndian) * 0x1_0000 + view.getUint16(position + 2, littleEndian)

function readDelimiter(
  cursor: Cursor,
  end: number,
  { littleEndian }: Encoding,
): { tag: number; length: number } {
  const { view, position } = cursor
  if (end - position < 8) throw new OutOfBytes()
  cursor.position = position + 8
  return {
    tag: readTag(view, position, littleEndian),
    length: view.getUint32(position + 4, littleEndian),
  }
}

function readHead(cursor: Cursor, end: number, { explicit, littleEndian }: Encoding): Head {
  const { view, position } = cursor
  if (end - position < 8) throw new OutOfBytes()
  const tag = readTag(view, position, littleEndian)
  const codes = [view.getUint8(position + 4), view.getUint8(position + 5)]
  // Some writers leave the VR out of a single element of an explicit file: it is then read as implicit.
  if (!explicit || isDelimiter(tag) || !codes.every((code) => code >= 0x41 && code <= 0x5a)) {
    cursor.position = position + 8
    const length = view.getUint32(position + 4, littleEndian)
    return { tag, vr: dictionaryVr(tag) ?? 'UN', isUnknown: false, length }
  }
  const vr = String.fromCharCode(...codes)
  if (!LONG_VRS.has(vr)) {
    cursor.position = position + 8
    return { tag, vr, isUnknown: false, length: view.getUint16(position + 6, littleEndian) }
  }
  if (end - position < 12) throw new OutOfBytes()
  cursor.position = position + 12
  return { tag, vr, isUnknown: vr === 'UN', length: view.getUint32(position + 8, littleEndian) }
}
