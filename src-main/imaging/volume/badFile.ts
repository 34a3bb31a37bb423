import { GliadeskError } from '../../contract/errors.ts'

/** A file that cannot be used: which file, what is wrong with which field, and what to do. */
export function badFile(
  fileName: string,
  problem: string,
  remedy = 'Export or copy the file again from its source, then import it once more.',
  options?: ErrorOptions,
): GliadeskError {
  return new GliadeskError('BAD_FILE', `${fileName}: ${problem}`, remedy, options)
}
