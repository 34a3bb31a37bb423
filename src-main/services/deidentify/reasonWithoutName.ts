import { GliadeskError } from '../../contract/index.ts'

/**
 * Why a file was not copied, as a report may hold it: without the name of the file, which may be that of a patient.
 *
 * @param name what the error's sentence calls the file
 */
export function reasonWithoutName(error: unknown, name: string): string {
  if (!(error instanceof GliadeskError) || error.code !== 'BAD_FILE') return 'It could not be read.'
  const start = `${name}: `
  const rest = error.message.startsWith(start) ? error.message.slice(start.length) : ''
  const parts = name.split('/').filter((part) => part.length > 2)
  if (rest === '' || parts.some((part) => rest.includes(part))) return 'It could not be read.'
  return rest[0].toUpperCase() + rest.slice(1)
}
