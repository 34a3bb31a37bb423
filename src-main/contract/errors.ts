import { z } from 'zod'

/** Every failure a person can meet. `message` says what and where, `remedy` says what to do next. */
export const ERROR_CODES = [
  'NOT_FOUND',
  'BAD_INPUT',
  'BAD_FILE',
  'STALE_EDIT',
  'WRONG_STATE',
  'DISK_FULL',
  'READ_ONLY',
  'WORKSPACE_BUSY',
  'BACKEND_UNAVAILABLE',
  'DEVICE_LOST',
  'DEVICE_MEMORY',
  'NOT_A_NUMBER',
  'INTERNAL',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** The HTTP status each code travels with; only a failure of the program itself is a 500. */
export const ERROR_STATUS: Record<ErrorCode, number> = {
  NOT_FOUND: 404,
  BAD_INPUT: 400,
  BAD_FILE: 422,
  STALE_EDIT: 409,
  WRONG_STATE: 409,
  DISK_FULL: 507,
  READ_ONLY: 403,
  WORKSPACE_BUSY: 423,
  BACKEND_UNAVAILABLE: 503,
  DEVICE_LOST: 503,
  DEVICE_MEMORY: 507,
  NOT_A_NUMBER: 422,
  INTERNAL: 500,
}

export const problemDataSchema = z.object({ remedy: z.string() })

/** The one error class of the program: typed, with a sentence and a remedy. */
export class GliadeskError extends Error {
  readonly code: ErrorCode
  readonly remedy: string

  constructor(code: ErrorCode, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'GliadeskError'
    this.code = code
    this.remedy = remedy
  }
}
