import type { LeafElement } from '../dicom/index.ts'

/** No decision needs more; a longer text is cut, never kept. */
const MAX_TEXT_BYTES = 65_536

/** Text of a value without padding, byte for character; for decisions inside the program, never for a report. */
export function leafText(leaf: LeafElement): string {
  return Array.from(leaf.value.subarray(0, MAX_TEXT_BYTES), (byte) => String.fromCharCode(byte))
    .join('')
    .replace(/[\0 ]+$/, '')
    .trim()
}

/** A leaf of ASCII text, padded to an even length as its VR asks (PS3.5 6.2). */
export function textLeaf(tag: number, vr: string, text: string): LeafElement {
  const padded = text.length % 2 === 0 ? text : `${text}${vr === 'UI' ? '\0' : ' '}`
  return { kind: 'leaf', tag, vr, value: new TextEncoder().encode(padded), isEncapsulated: false }
}
