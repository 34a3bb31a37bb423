import { z } from 'zod'
import { jobErrorSchema, jobManifestSchema } from '../../contract/index.ts'

/** What the leading engine process tells the others of its run. Weights and gradients go through the exchange file. */
export const toPeerSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('prepare'),
    manifest: jobManifestSchema,
    rank: z.int().positive(),
    /** A checkpoint: where the leading process stands. */
    startPath: z.string(),
    exchangePath: z.string(),
    values: z.int().positive(),
  }),
  /** The weights of a step lie in slot 0. */
  z.object({ type: z.literal('step'), step: z.int().nonnegative() }),
])
export type ToPeer = z.infer<typeof toPeerSchema>

export const fromPeerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** The summed gradient lies in the slot of the peer's rank. */
  z.object({
    type: z.literal('gradient'),
    step: z.int().nonnegative(),
    batches: z.int().positive(),
    loss: z.number(),
    terms: z.record(z.string(), z.number()),
    caseNames: z.array(z.string()),
  }),
  z.object({ type: z.literal('failed'), error: jobErrorSchema }),
])
export type FromPeer = z.infer<typeof fromPeerSchema>
