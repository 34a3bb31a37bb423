import { z } from 'zod'
import { sequenceSchema } from '../../contract/index.ts'
import { experimentProtocolSchema, unitRecordSchema } from '../protocol/index.ts'

/** What a unit process is asked to do: units of one seed, in order. Sent once, over the IPC channel. */
export const unitTaskSchema = z.object({
  protocol: experimentProtocolSchema,
  seed: z.int(),
  units: z.array(z.object({ id: z.string(), student: sequenceSchema.nullable(), arm: z.string() })),
  commit: z.string().nullable(),
})
export type UnitTask = z.infer<typeof unitTaskSchema>

/** What it says back. */
export const unitNewsSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), unit: z.string() }),
  z.object({ type: z.literal('ended'), record: unitRecordSchema }),
])
export type UnitNews = z.infer<typeof unitNewsSchema>
