import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { deidentificationEventSchema, deidentificationRequestSchema } from './deidentification.ts'
import { procedure } from './procedure.ts'

const nothing = z.object({})

export const deidentificationProcedures = {
  run: procedure
    .input(deidentificationRequestSchema)
    .output(eventIterator(deidentificationEventSchema)),
  stop: procedure.input(nothing).output(nothing),
}
