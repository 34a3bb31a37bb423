import { z } from 'zod'

/** How weights follow their gradients: Adam with decoupled weight decay (AdamW). */
export const optimiserSchema = z.object({
  kind: z.literal('adam'),
  learningRate: z.number().positive(),
  weightDecay: z.number().nonnegative(),
  schedule: z.enum(['constant', 'poly', 'cosine']),
  warmupSteps: z.int().nonnegative(),
  clipNorm: z.number().positive(),
})
