import { GliadeskError } from '../contract/index.ts'

/** The error for an id that names nothing in this workspace. */
export function notFound(what: string, id: string): GliadeskError {
  return new GliadeskError(
    'NOT_FOUND',
    `There is no ${what} ${id} in this workspace.`,
    'Reload the list: it may have been made in another workspace.',
  )
}
