/** A data element with everything in it, so that a data set can be written again. */
export type TreeElement = LeafElement | SequenceElement

export interface LeafElement {
  readonly kind: 'leaf'
  readonly tag: number
  readonly vr: string
  /** The value as it is written, in the byte order of its data set; padding included. */
  readonly value: Uint8Array
  /** Encapsulated pixels inside an item (an icon's): the value is fragments, closed by a delimiter. */
  readonly isEncapsulated: boolean
}

export interface SequenceElement {
  readonly kind: 'sequence'
  readonly tag: number
  readonly items: readonly TreeItem[]
  /** Written with an undefined length and a delimiter. */
  readonly isOpen: boolean
  /** The element's VR is written as UN: its items are implicit little endian (PS3.5 6.2.2). */
  readonly isUnknown: boolean
}

export interface TreeItem {
  readonly elements: readonly TreeElement[]
  readonly isOpen: boolean
}

/** Pixels at the top of a data set, which stay in the file and are copied as they are. */
export interface BulkElement {
  readonly tag: number
  readonly vr: string
  /** Where the value begins in the content. */
  readonly offset: number
  /** Bytes of the value, without the delimiter of encapsulated pixels. */
  readonly length: number
  readonly isEncapsulated: boolean
}

/** Float, double float and integer pixel data (PS3.3 C.7.6.3, C.7.6.24, C.7.6.25). */
export const BULK_TAGS: ReadonlySet<number> = new Set([0x7fe0_0008, 0x7fe0_0009, 0x7fe0_0010])

/** VRs whose explicit form has two reserved bytes and a 4-byte length (PS3.5 table 7.1-1). */
export const LONG_VRS: ReadonlySet<string> = new Set(
  'OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '),
)

/** A tag as the standard writes it, e.g. "(0010,0020)". */
export function tagName(tag: number): string {
  const digits = tag.toString(16).padStart(8, '0')
  return `(${digits.slice(0, 4)},${digits.slice(4)})`
}

/** The group of a tag is odd: the element is private. */
export const isPrivate = (tag: number): boolean => (Math.floor(tag / 0x1_0000) & 1) === 1
