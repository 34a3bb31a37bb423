import { z } from 'zod'
import { byRegion, sequenceSchema } from '../../contract/index.ts'

/** Dice of one test case by region; null where the reference does not have the region. */
export const caseDiceSchema = byRegion(z.number().min(0).max(1).nullable())
export type CaseDice = z.infer<typeof caseDiceSchema>

const common = {
  schema: z.literal(1),
  experiment: z.string(),
  /** Identity of the unit. */
  unit: z.string(),
  seed: z.int(),
  student: sequenceSchema.nullable(),
  arm: z.string(),
  /** Version of the sources, where they are under version control. */
  commit: z.string().nullable(),
  /** Time the unit took, on whatever else the computer was doing. */
  seconds: z.number().nonnegative(),
}

/** One line of the results: what one unit gave. */
export const unitRecordSchema = z.discriminatedUnion('status', [
  z.object({
    ...common,
    status: z.literal('done'),
    /** Loss of the last step. */
    lastLoss: z.number(),
    /** Test cases in order. */
    dice: z.array(caseDiceSchema).min(1),
  }),
  z.object({ ...common, status: z.literal('failed'), error: z.string() }),
])
export type UnitRecord = z.infer<typeof unitRecordSchema>
