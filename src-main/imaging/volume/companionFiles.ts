import { badFile } from './badFile.ts'
import { joinBytes } from '../bytes/index.ts'

/** Reads a file that lies beside the one being read, by its bare name. */
export type ReadCompanion = (name: string) => Promise<Uint8Array>

const MAX_COMPANIONS = 4096

/**
 * A companion's name as written in a header, made safe: only a name in the same folder is followed, so that a header
 * can never make the program open a file elsewhere.
 *
 * @throws GliadeskError BAD_FILE for a path that leads out of the folder
 */
export function companionName(written: string, fileName: string): string {
  const name = written.replace(/^\.[\\/]/, '')
  if (
    name === '' ||
    name === '.' ||
    name === '..' ||
    /[\\/\0]/.test(name) ||
    /^[a-z]:/i.test(name)
  ) {
    throw badFile(
      fileName,
      `names ${JSON.stringify(written.slice(0, 80))} as the file with its voxels; only files in the same folder are opened.`,
      'Put the data file beside its header and write its bare name into the header.',
    )
  }
  return name
}

/**
 * Names given by a pattern such as "slice%03d.raw" with first and last number and step.
 *
 * @throws GliadeskError BAD_FILE for a pattern that is none, or for more than 4096 names
 */
export function namesOfPattern(
  pattern: string,
  range: { readonly first: number; readonly last: number; readonly step: number },
  fileName: string,
): string[] {
  const match = /^([^%]*)%(0?)(\d{0,2})d([^%]*)$/.exec(pattern)
  const { first, last, step } = range
  const count = Math.floor((last - first) / step) + 1
  const isRange = [first, last, step].every(Number.isSafeInteger) && step !== 0 && count >= 1
  if (!match || !isRange || count > MAX_COMPANIONS) {
    throw badFile(
      fileName,
      `names its data files by ${JSON.stringify(pattern.slice(0, 80))}, which is no usable pattern.`,
    )
  }
  const [, before, zero, width, after] = match
  return Array.from({ length: count }, (_, index) => {
    const number = String(first + index * step)
    return before + number.padStart(Number(width || 0), zero === '0' ? '0' : ' ') + after
  })
}

/**
 * Reads and joins companions; refused before the joined whole would exceed `maxBytes`.
 *
 * @throws GliadeskError BAD_FILE; what `read` throws
 */
export async function readCompanions(
  names: readonly string[],
  read: ReadCompanion,
  maxBytes: number,
  fileName: string,
): Promise<Uint8Array> {
  if (names.length > MAX_COMPANIONS) {
    throw badFile(
      fileName,
      `names ${names.length} data files; at most ${MAX_COMPANIONS} are opened.`,
    )
  }
  if (names.length === 1) return read(companionName(names[0], fileName))
  const parts: Uint8Array[] = []
  let total = 0
  for (const name of names) {
    const part = await read(companionName(name, fileName))
    total += part.length
    if (total > maxBytes)
      throw badFile(fileName, 'its data files hold far more than its header announces.')
    parts.push(part)
  }
  return joinBytes(parts)
}
