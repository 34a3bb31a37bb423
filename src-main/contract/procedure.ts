import { oc } from '@orpc/contract'
import { ERROR_CODES, ERROR_STATUS, problemDataSchema, type ErrorCode } from './errors.ts'

const errors = Object.fromEntries(
  ERROR_CODES.map((code) => [code, { status: ERROR_STATUS[code], data: problemDataSchema }]),
) as Record<ErrorCode, { status: number; data: typeof problemDataSchema }>

/** A procedure of the API, with every failure that a person can meet. */
export const procedure = oc.errors(errors)
