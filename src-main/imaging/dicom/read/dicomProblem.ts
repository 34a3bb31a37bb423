import { GliadeskError } from '../../../contract/errors.ts'

/** A DICOM file that cannot be used: which file, what is wrong with it, and what to do. */
export function dicomProblem(
  name: string,
  problem: string,
  remedy = 'Send or export the series again from its archive, then import it once more.',
  options?: ErrorOptions,
): GliadeskError {
  return new GliadeskError('BAD_FILE', `${name}: ${problem}`, remedy, options)
}
