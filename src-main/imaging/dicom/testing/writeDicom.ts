import { joinBytes } from '../../bytes/index.ts'

/** A value of an element: text, numbers, raw bytes, or the items of a sequence. */
export type ElementValue = string | readonly number[] | Uint8Array | readonly Elements[]
/** Elements by tag, e.g. `0x0028_0010: ['US', [64]]`. Written in ascending order. */
export type Elements = Readonly<Record<number, readonly [vr: string, value: ElementValue]>>

export interface WriteOptions {
  /** Explicit VR Little Endian where not given. */
  readonly transferSyntax?: string
  /** Without preamble and meta group. */
  readonly bare?: boolean
  /** Sequences and items with undefined length and delimiters. */
  readonly undefinedLengths?: boolean
  /** Codestreams: pixel data are written encapsulated, each in that many fragments. */
  readonly frames?: readonly Uint8Array[]
  readonly fragmentsPerFrame?: number
}

const EXPLICIT = '1.2.840.10008.1.2.1'
const IMPLICIT = '1.2.840.10008.1.2'
const BIG_ENDIAN = '1.2.840.10008.1.2.2'
const LONG = new Set(['OB', 'OD', 'OF', 'OL', 'OW', 'SQ', 'UC', 'UN', 'UR', 'UT'])
const SIZES: Record<string, number> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, OW: 2 }

/** The elements without some of them. */
export function without(elements: Elements, ...tags: readonly number[]): Elements {
  return Object.fromEntries(Object.entries(elements).filter(([tag]) => !tags.includes(Number(tag))))
}

interface Style {
  readonly explicit: boolean
  readonly little: boolean
  readonly open: boolean
}

/** Writes a DICOM file for tests; written from PS3.5 and checked against pydicom, apart from the reader. */
export function writeDicom(elements: Elements, options: WriteOptions = {}): Uint8Array {
  const syntax = options.transferSyntax ?? EXPLICIT
  const style = {
    explicit: syntax !== IMPLICIT,
    little: syntax !== BIG_ENDIAN,
    open: options.undefinedLengths ?? false,
  }
  const parts = [writeElements(elements, style)]
  if (options.frames) parts.push(encapsulated(options.frames, options.fragmentsPerFrame ?? 1))
  if (options.bare) return joinBytes(parts)
  const meta: Elements = {
    0x0002_0001: ['OB', new Uint8Array([0, 1])],
    0x0002_0010: ['UI', syntax],
  }
  const group = writeElements(meta, { explicit: true, little: true, open: false })
  const length = writeElements(
    { 0x0002_0000: ['UL', [group.length]] },
    { explicit: true, little: true, open: false },
  )
  const magic = new Uint8Array(132)
  magic.set(new TextEncoder().encode('DICM'), 128)
  return joinBytes([magic, length, group, ...parts])
}

function writeElements(elements: Elements, style: Style): Uint8Array {
  const tags = Object.keys(elements).map(Number)
  tags.sort((left, right) => left - right)
  return joinBytes(
    tags.map((tag) => {
      const [vr, value] = elements[tag]
      const isSequence = vr === 'SQ'
      const body = isSequence
        ? writeItems(value as readonly Elements[], style)
        : valueBytes(vr, value as Exclude<ElementValue, readonly Elements[]>, style.little)
      const length = isSequence && style.open ? 0xffff_ffff : body.length
      return joinBytes([head(tag, vr, length, style), body])
    }),
  )
}

function writeItems(items: readonly Elements[], style: Style): Uint8Array {
  const parts = items.flatMap((item) => {
    const body = writeElements(item, style)
    const start = tagAndLength(0xfffe_e000, style.open ? 0xffff_ffff : body.length, style.little)
    return style.open ? [start, body, tagAndLength(0xfffe_e00d, 0, style.little)] : [start, body]
  })
  if (style.open) parts.push(tagAndLength(0xfffe_e0dd, 0, style.little))
  return joinBytes(parts)
}

function encapsulated(frames: readonly Uint8Array[], perFrame: number): Uint8Array {
  const style = { explicit: true, little: true, open: false }
  const fragments: Uint8Array[] = []
  const offsets: number[] = []
  let position = 0
  for (const frame of frames) {
    offsets.push(position)
    const size = 2 * Math.ceil(frame.length / perFrame / 2)
    for (let start = 0; start < frame.length; start += size) {
      const piece = frame.subarray(start, start + size)
      const even = new Uint8Array(piece.length + (piece.length % 2))
      even.set(piece)
      fragments.push(tagAndLength(0xfffe_e000, even.length, true), even)
      position += 8 + even.length
    }
  }
  const table = valueBytes('UL', offsets, true)
  return joinBytes([
    head(0x7fe0_0010, 'OB', 0xffff_ffff, style),
    ...[tagAndLength(0xfffe_e000, table.length, true), table, ...fragments],
    tagAndLength(0xfffe_e0dd, 0, true),
  ])
}

function head(tag: number, vr: string, length: number, style: Style): Uint8Array {
  if (!style.explicit) return tagAndLength(tag, length, style.little)
  const bytes = new Uint8Array(LONG.has(vr) ? 12 : 8)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, Math.floor(tag / 0x1_0000), style.little)
  view.setUint16(2, tag % 0x1_0000, style.little)
  bytes.set(new TextEncoder().encode(vr), 4)
  if (LONG.has(vr)) view.setUint32(8, length, style.little)
  else view.setUint16(6, length, style.little)
  return bytes
}

function tagAndLength(tag: number, length: number, little: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(8))
  view.setUint16(0, Math.floor(tag / 0x1_0000), little)
  view.setUint16(2, tag % 0x1_0000, little)
  view.setUint32(4, length, little)
  return new Uint8Array(view.buffer)
}

function valueBytes(
  vr: string,
  value: string | readonly number[] | Uint8Array,
  little: boolean,
): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (typeof value === 'string') {
    const text = new TextEncoder().encode(value)
    const even = new Uint8Array(text.length + (text.length % 2)).fill(vr === 'UI' ? 0 : 0x20)
    even.set(text)
    return even
  }
  const size = SIZES[vr]
  const view = new DataView(new ArrayBuffer(value.length * size))
  value.forEach((number, index) => {
    const at = index * size
    if (vr === 'FD') view.setFloat64(at, number, little)
    else if (vr === 'FL') view.setFloat32(at, number, little)
    else if (size === 4) view.setUint32(at, number, little)
    else view.setUint16(at, number & 0xffff, little)
  })
  return new Uint8Array(view.buffer)
}
