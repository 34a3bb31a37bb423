import { z } from 'zod'
import { idSchema } from './cases.ts'

/** Ways to choose the cases that a reader corrects next. */
export const ACQUISITION_STRATEGIES = ['entropy', 'disagreement', 'diversity', 'random'] as const
export const acquisitionStrategySchema = z.enum(ACQUISITION_STRATEGIES)
export type AcquisitionStrategy = z.infer<typeof acquisitionStrategySchema>

export const rankRequestSchema = z.object({
  datasetId: idSchema,
  strategy: acquisitionStrategySchema,
  /** Decides over the random order alone. */
  seed: z.int().nonnegative().default(1),
})
export type RankRequest = z.infer<typeof rankRequestSchema>

/** A case that nobody has labelled, in the order in which correcting it is thought to teach most. */
export const rankedCaseSchema = z.object({
  caseId: idSchema,
  caseName: z.string(),
  /** What the strategy goes by; larger comes first. Null where nothing is known. */
  score: z.number().nullable(),
  /** One sentence. */
  reason: z.string(),
})
export type RankedCase = z.infer<typeof rankedCaseSchema>
