import type { Encoding } from '../read/parseDataSet.ts'
import { ITEM, ITEM_END, SEQUENCE_END, UNDEFINED_LENGTH } from '../read/tags.ts'
import {
  LONG_VRS,
  type BulkElement,
  type SequenceElement,
  type TreeElement,
} from './dataSetTree.ts'

const IMPLICIT: Encoding = { explicit: false, littleEndian: true }

/**
 * Writes elements in ascending order of their tags. Sequences keep the form of length that they came with; known
 * lengths are computed anew. Values are not copied until the pieces are put to use.
 *
 * @returns pieces that follow one another
 */
export function writeTree(elements: readonly TreeElement[], encoding: Encoding): Uint8Array[] {
  return [...elements]
    .sort((left, right) => left.tag - right.tag)
    .flatMap((element) =>
      element.kind === 'sequence'
        ? writeSequence(element, encoding)
        : [
            head(
              element.tag,
              element.vr,
              element.isEncapsulated ? UNDEFINED_LENGTH : evenLength(element.value),
              encoding,
            ),
            element.value,
            ...padding(element.vr, element.value),
            ...(element.isEncapsulated ? [delimiter(SEQUENCE_END, 0, encoding)] : []),
          ],
    )
}

/** The head of pixel data; the value and, for encapsulated pixels, `bulkTail` follow. */
export function bulkHead(bulk: BulkElement, encoding: Encoding): Uint8Array {
  const length = bulk.isEncapsulated ? UNDEFINED_LENGTH : bulk.length + (bulk.length % 2)
  return head(bulk.tag, bulk.vr, length, encoding)
}

/** What stands behind the value of pixel data. */
export function bulkTail(bulk: BulkElement, encoding: Encoding): Uint8Array {
  if (bulk.isEncapsulated) return delimiter(SEQUENCE_END, 0, encoding)
  return new Uint8Array(bulk.length % 2)
}

function writeSequence(sequence: SequenceElement, encoding: Encoding): Uint8Array[] {
  const inner = sequence.isUnknown ? IMPLICIT : encoding
  const parts = sequence.items.flatMap((item) => {
    const body = writeTree(item.elements, inner)
    return item.isOpen
      ? [delimiter(ITEM, UNDEFINED_LENGTH, inner), ...body, delimiter(ITEM_END, 0, inner)]
      : [delimiter(ITEM, totalLength(body), inner), ...body]
  })
  if (sequence.isOpen) parts.push(delimiter(SEQUENCE_END, 0, inner))
  const length = sequence.isOpen ? UNDEFINED_LENGTH : totalLength(parts)
  return [head(sequence.tag, sequence.isUnknown ? 'UN' : 'SQ', length, encoding), ...parts]
}

/** Bytes in all pieces together. */
export function totalLength(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0)
}

const evenLength = (value: Uint8Array): number => value.length + (value.length % 2)

const TEXT_VRS = new Set('AE AS CS DA DS DT IS LO LT PN SH ST TM UC UR UT'.split(' '))

function padding(vr: string, value: Uint8Array): Uint8Array[] {
  return value.length % 2 === 0 ? [] : [new Uint8Array([TEXT_VRS.has(vr) ? 0x20 : 0])]
}

function head(tag: number, vr: string, length: number, encoding: Encoding): Uint8Array {
  const { explicit, littleEndian } = encoding
  if (!explicit) return delimiter(tag, length, encoding)
  // A value too long for the two bytes of a short form can only be written as UN (PS3.5 6.2.2, note).
  const written = !LONG_VRS.has(vr) && length > 0xffff ? 'UN' : vr
  const isLong = LONG_VRS.has(written)
  const bytes = new Uint8Array(isLong ? 12 : 8)
  const view = new DataView(bytes.buffer)
  writeTag(view, tag, littleEndian)
  bytes.set(new TextEncoder().encode(written), 4)
  if (isLong) view.setUint32(8, length, littleEndian)
  else view.setUint16(6, length, littleEndian)
  return bytes
}

function delimiter(tag: number, length: number, { littleEndian }: Encoding): Uint8Array {
  const view = new DataView(new ArrayBuffer(8))
  writeTag(view, tag, littleEndian)
  view.setUint32(4, length, littleEndian)
  return new Uint8Array(view.buffer)
}

function writeTag(view: DataView, tag: number, littleEndian: boolean): void {
  view.setUint16(0, Math.floor(tag / 0x1_0000), littleEndian)
  view.setUint16(2, tag % 0x1_0000, littleEndian)
}
