import { TAG } from './tags.ts'

/** One kept data element: where its value lies, or the items of a sequence. */
export interface DataElement {
  readonly vr: string
  readonly offset: number
  /** Bytes of the value; the undefined length 0xFFFFFFFF only for encapsulated pixel data. */
  readonly length: number
  readonly items: readonly DataSet[] | null
}

/** Real numbers as DS and IS may write them. Anything else is not taken for a number. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/**
 * The kept elements of a data set or of an item. Every getter says null for what is absent, empty or malformed:
 * what an element means is decided by the caller, never by a default here.
 */
export class DataSet {
  readonly elements = new Map<number, DataElement>()
  readonly bytes: Uint8Array
  readonly littleEndian: boolean

  constructor(bytes: Uint8Array, littleEndian: boolean) {
    this.bytes = bytes
    this.littleEndian = littleEndian
  }

  private value(tag: number): { element: DataElement; bytes: Uint8Array } | null {
    const element = this.elements.get(tag)
    if (!element || element.items) return null
    const end = element.offset + element.length
    if (end > this.bytes.length) return null
    return { element, bytes: this.bytes.subarray(element.offset, end) }
  }

  /** Text without its padding; null where absent or empty. */
  text(tag: number): string | null {
    const found = this.value(tag)
    if (!found || found.bytes.length > 65_536) return null
    // UI is padded with NUL, every other text with a space.
    let end = found.bytes.length
    while (end > 0 && (found.bytes[end - 1] === 0 || found.bytes[end - 1] === 0x20)) end--
    const decoder = new TextDecoder(this.isUtf8() ? 'utf-8' : 'latin1')
    return decoder.decode(found.bytes.subarray(0, end)).trim() || null
  }

  private isUtf8(): boolean {
    const found = this.value(TAG.characterSet)
    return found !== null && new TextDecoder('latin1').decode(found.bytes).includes('ISO_IR 192')
  }

  /** The values of a multi-valued text. */
  texts(tag: number): string[] {
    return (this.text(tag) ?? '').split('\\').map((part) => part.trim())
  }

  /** Every value as a number, in binary or as text; null where one of them is none. */
  numbers(tag: number): number[] | null {
    const found = this.value(tag)
    if (!found || found.bytes.length === 0 || found.bytes.length > 65_536) return null
    const binary = this.binaryNumbers(found.element.vr, found.bytes)
    if (binary) return binary
    const values: number[] = []
    for (const part of this.texts(tag)) {
      if (!NUMBER.test(part)) return null
      values.push(Number(part))
    }
    return values
  }

  private binaryNumbers(vr: string, bytes: Uint8Array): number[] | null {
    const size = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8 }[vr]
    if (size === undefined || bytes.length % size !== 0) return null
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const read = (at: number): number => {
      switch (vr) {
        case 'US':
          return view.getUint16(at, this.littleEndian)
        case 'SS':
          return view.getInt16(at, this.littleEndian)
        case 'UL':
          return view.getUint32(at, this.littleEndian)
        case 'SL':
          return view.getInt32(at, this.littleEndian)
        case 'FL':
          return view.getFloat32(at, this.littleEndian)
        default:
          return view.getFloat64(at, this.littleEndian)
      }
    }
    return Array.from({ length: bytes.length / size }, (_, index) => read(index * size))
  }

  /** The first value as a number. */
  number(tag: number): number | null {
    return this.numbers(tag)?.[0] ?? null
  }

  /** Exactly `count` finite numbers. */
  vector(tag: number, count: number): number[] | null {
    const values = this.numbers(tag)
    return values?.length === count && values.every(Number.isFinite) ? values : null
  }

  /** The items of a sequence; none where it is absent or empty. */
  items(tag: number): readonly DataSet[] {
    return this.elements.get(tag)?.items ?? []
  }

  /** The first item of a sequence. */
  item(tag: number): DataSet | null {
    return this.items(tag)[0] ?? null
  }
}
