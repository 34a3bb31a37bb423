import {
  dictionaryVr,
  type LeafElement,
  type SequenceElement,
  type TreeElement,
  type TreeItem,
} from '../dicom/index.ts'
import { textLeaf } from './elementText.ts'

/** Coded words that say how an item is built, not what it says. */
const STRUCTURAL: ReadonlySet<number> = new Set([
  0x0040_a010, // Relationship Type
  0x0040_a040, // Value Type
  0x0040_a050, // Continuity of Content
  0x0070_0005, // Graphic Annotation Units
  0x0070_0023, // Graphic Type
])

const TEXTS: Record<string, string> = {
  AS: '000D',
  DA: '19000101',
  DT: '19000101000000',
  TM: '000000',
  DS: '0',
  IS: '0',
  UR: 'urn:removed',
}
const TEXT_VRS = new Set(['AE', 'CS', 'LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT'])

/**
 * A value of the same VR that says nothing (action D): "REMOVED" for text, 1900-01-01 for dates, zeros for numbers and for
 * as many bytes as binary data had. A UID is mapped like every other.
 */
export function dummyLeaf(
  leaf: LeafElement,
  mapUid: (uid: LeafElement) => LeafElement,
): LeafElement {
  const vr = leaf.vr === 'UN' ? (dictionaryVr(leaf.tag) ?? 'UN') : leaf.vr
  if (vr === 'UI') return mapUid(leaf)
  // Written as what it is and not as UN, which a dummy of text would not be.
  const text = TEXTS[vr] ?? (TEXT_VRS.has(vr) ? 'REMOVED' : null)
  if (text !== null) return textLeaf(leaf.tag, vr, text)
  return { ...leaf, value: new Uint8Array(leaf.value.length), isEncapsulated: false }
}

/** A sequence of the same shape whose values are all dummies; coded words of its structure stay. */
export function dummySequence(
  sequence: SequenceElement,
  mapUid: (uid: LeafElement) => LeafElement,
): SequenceElement {
  const dummy = (element: TreeElement): TreeElement => {
    if (element.kind === 'sequence') return dummySequence(element, mapUid)
    return STRUCTURAL.has(element.tag) && STRUCTURAL_WORD.test(wordOf(element))
      ? element
      : dummyLeaf(element, mapUid)
  }
  const items = sequence.items.map((item): TreeItem => ({
    ...item,
    elements: item.elements
      .filter(({ tag }) => dictionaryVr(tag) !== null && tag % 0x1_0000 !== 0)
      .map(dummy),
  }))
  return { ...sequence, items }
}

const STRUCTURAL_WORD =
  /^(CONTAINS|HAS PROPERTIES|HAS CONCEPT MOD|HAS OBS CONTEXT|HAS ACQ CONTEXT|INFERRED FROM|SELECTED FROM|CONTAINER|TEXT|NUM|CODE|DATE|TIME|DATETIME|UIDREF|PNAME|COMPOSITE|IMAGE|WAVEFORM|SCOORD|SCOORD3D|TCOORD|TABLE|SEPARATE|CONTINUOUS|PIXEL|DISPLAY|MATRIX|POINT|POLYLINE|INTERPOLATED|CIRCLE|ELLIPSE)$/

const wordOf = ({ value }: LeafElement): string =>
  String.fromCharCode(...value.subarray(0, 16)).replace(/[\0 ]+$/, '')
