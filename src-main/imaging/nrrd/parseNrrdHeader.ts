import { badFile } from '../volume/index.ts'

/** An NRRD header as text: fields by lower-case name, key/value pairs as they stand, in order. */
export interface NrrdText {
  readonly fields: ReadonlyMap<string, string>
  readonly keyValues: ReadonlyMap<string, string>
  /** Where the header ends: the first byte of attached data. Equal to the length in a detached header. */
  readonly dataOffset: number
}

/** A header is text of some hundred lines; one that goes on for longer is none. */
const MAX_HEADER_BYTES = 2 ** 20

export const isNrrd = (bytes: Uint8Array): boolean =>
  new TextDecoder('latin1').decode(bytes.subarray(0, 4)) === 'NRRD'

/** Other spellings that the format allows. */
const SAME_FIELD: ReadonlyMap<string, string> = new Map([
  ['datafile', 'data file'],
  ['lineskip', 'line skip'],
  ['byteskip', 'byte skip'],
  ['spacedimension', 'space dimension'],
  ['spacedirections', 'space directions'],
  ['spaceorigin', 'space origin'],
  ['spaceunits', 'space units'],
  ['measurementframe', 'measurement frame'],
  ['centerings', 'centers'],
])

/**
 * Splits a header into its fields and key/value pairs. The names of NRRD 0001 to 0005 are known.
 *
 * @throws GliadeskError BAD_FILE where it is no NRRD or a line is neither field, pair nor comment
 */
export function parseNrrdHeader(bytes: Uint8Array, fileName: string): NrrdText {
  const fields = new Map<string, string>()
  const keyValues = new Map<string, string>()
  let position = 0
  for (let lineNumber = 0; ; lineNumber++) {
    if (position >= bytes.length) break
    if (position > MAX_HEADER_BYTES) {
      throw badFile(fileName, 'the NRRD header does not end within 1 MiB.')
    }
    const { text, next } = readLine(bytes, position)
    position = next
    if (lineNumber === 0) {
      if (!/^NRRD000[1-5]$/.test(text)) {
        throw badFile(
          fileName,
          'is not an NRRD image (its first line is not NRRD0001 to NRRD0005).',
          'Choose a file that was saved as NRRD.',
        )
      }
      continue
    }
    if (text === '') break
    if (text.startsWith('#')) continue
    const match = /^([^:]+?)\s*(:=|:\s)\s*(.*)$/.exec(text) ?? /^([^:]+)(:)()$/.exec(text)
    if (!match) {
      throw badFile(fileName, `line ${lineNumber + 1} of the NRRD header is no field.`)
    }
    const [, name, separator, value] = match
    if (separator === ':=') {
      keyValues.set(name, unescapeValue(value))
    } else {
      const field = name.toLowerCase()
      fields.set(SAME_FIELD.get(field) ?? field, value.trim())
      // A list of files takes the rest of the header.
      if (value.trim().startsWith('LIST')) {
        fields.set('data file list', restOf(bytes, position))
        position = bytes.length
      }
    }
  }
  return { fields, keyValues, dataOffset: position }
}

function readLine(bytes: Uint8Array, position: number): { text: string; next: number } {
  const limit = Math.min(bytes.length, position + MAX_HEADER_BYTES)
  let end = position
  while (end < limit && bytes[end] !== 10) end++
  const isWindowsEnd = end > position && bytes[end - 1] === 13
  const text = new TextDecoder('utf-8').decode(
    bytes.subarray(position, isWindowsEnd ? end - 1 : end),
  )
  return { text, next: Math.min(bytes.length, end + 1) }
}

const restOf = (bytes: Uint8Array, position: number): string =>
  new TextDecoder('utf-8').decode(bytes.subarray(position, position + MAX_HEADER_BYTES))

const unescapeValue = (text: string): string =>
  text.replace(/\\(n|\\)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : '\\'))
