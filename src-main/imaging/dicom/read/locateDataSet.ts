import { parseMetaGroup } from './parseDataSet.ts'
import { TAG } from './tags.ts'
import { EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from './transferSyntax.ts'

const PREAMBLE_BYTES = 128
/** Stray bytes that a faulty copy may have left before a data set without a header. */
const MAX_STRAY_BYTES = 16
const IS_VR = /^(AE|AS|AT|CS|DA|DS|DT|FL|FD|IS|LO|LT|O[BDFLVW]|PN|S[HLQSTV]|TM|U[CILNRSTV])$/

/** Where the data set begins and how it is written; null where the bytes are no DICOM file. */
export function locateDataSet(bytes: Uint8Array): { start: number; transferSyntax: string } | null {
  if (hasMagic(bytes)) {
    const { meta, end } = parseMetaGroup(bytes, PREAMBLE_BYTES + 4)
    const stated = meta.text(TAG.transferSyntax)
    return { start: end, transferSyntax: whatIsWritten(bytes, end, stated) }
  }
  for (let start = 0; start <= MAX_STRAY_BYTES; start++) {
    const written = plausibleStart(bytes, start)
    if (written === 'meta') {
      const { meta, end } = parseMetaGroup(bytes, start)
      const stated = meta.text(TAG.transferSyntax)
      return { start: end, transferSyntax: whatIsWritten(bytes, end, stated) }
    }
    if (written) return { start, transferSyntax: written }
  }
  return null
}

/** True where the bytes carry the mark "DICM" of a DICOM file after its preamble. */
export function hasMagic(bytes: Uint8Array): boolean {
  return (
    bytes.length >= PREAMBLE_BYTES + 4 &&
    bytes[128] === 0x44 &&
    bytes[129] === 0x49 &&
    bytes[130] === 0x43 &&
    bytes[131] === 0x4d
  )
}

const vrAt = (bytes: Uint8Array, position: number): boolean =>
  IS_VR.test(String.fromCharCode(bytes[position + 4] ?? 0, bytes[position + 5] ?? 0))

/**
 * Some writers state one of the two plain little-endian syntaxes and write the other, or state none: the first
 * element tells.
 */
function whatIsWritten(bytes: Uint8Array, start: number, stated: string | null): string {
  const isPlain = stated === IMPLICIT_LITTLE_ENDIAN || stated === EXPLICIT_LITTLE_ENDIAN
  if (stated !== null && !isPlain) return stated
  return vrAt(bytes, start) ? EXPLICIT_LITTLE_ENDIAN : IMPLICIT_LITTLE_ENDIAN
}

/** Recognises a data set without preamble by its first element, of group 2 or 8, and by the start of the second. */
function plausibleStart(bytes: Uint8Array, start: number): string | 'meta' | null {
  if (start + 16 > bytes.length || bytes[start + 1] !== 0) return null
  const group = bytes[start]
  if ((group !== 2 && group !== 8) || bytes[start + 3] !== 0) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start)
  const isExplicit = vrAt(bytes, start)
  const length = isExplicit ? view.getUint16(6, true) : view.getUint32(4, true)
  const next = 8 + length
  if (length > 1024 || next + 8 > view.byteLength) return null
  if (view.getUint16(next, true) !== group) return null
  if (group === 2) return isExplicit ? 'meta' : null
  return isExplicit ? EXPLICIT_LITTLE_ENDIAN : IMPLICIT_LITTLE_ENDIAN
}
