import { badFile } from '../volume/index.ts'

/** A MetaImage header: values by lower-case key, and where data in the same file starts. */
export interface MetaText {
  readonly fields: ReadonlyMap<string, string>
  readonly dataOffset: number
  /** Names that follow "ElementDataFile = LIST". */
  readonly list: readonly string[]
}

const MAX_HEADER_BYTES = 2 ** 20

/** True where the first line is a field of a MetaImage header. */
export function isMetaImage(bytes: Uint8Array): boolean {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 64))
  return /^\s*(ObjectType|NDims|Comment)\s*=/i.test(start)
}

/**
 * Splits a header into its fields; "ElementDataFile" is the last of them.
 *
 * @throws GliadeskError BAD_FILE
 */
export function parseMetaHeader(bytes: Uint8Array, fileName: string): MetaText {
  const fields = new Map<string, string>()
  const limit = Math.min(bytes.length, MAX_HEADER_BYTES)
  let position = 0
  while (position < limit) {
    const found = bytes.indexOf(10, position)
    const end = found < 0 || found > limit ? limit : found
    const line = new TextDecoder('utf-8').decode(bytes.subarray(position, end)).trim()
    position = Math.min(bytes.length, end + 1)
    if (line === '') continue
    const separator = line.indexOf('=')
    if (separator < 1) {
      throw badFile(
        fileName,
        'is not a MetaImage: its header holds a line that is no "name = value".',
        'Choose a .mha or .mhd file.',
      )
    }
    const key = line.slice(0, separator).trim().toLowerCase()
    fields.set(key, line.slice(separator + 1).trim())
    if (key === 'elementdatafile') {
      const rest = fields.get(key)?.startsWith('LIST')
        ? new TextDecoder('utf-8').decode(bytes.subarray(position, limit))
        : ''
      const list = rest.split(/\r?\n/).map((name) => name.trim())
      return { fields, dataOffset: position, list: list.filter((name) => name !== '') }
    }
  }
  throw badFile(fileName, 'the MetaImage header lacks the field "ElementDataFile".')
}
