import { z } from 'zod'

const common = {
  learningRate: z.number().positive(),
  weightDecay: z.number().nonnegative(),
  schedule: z.enum(['constant', 'poly', 'cosine']),
  warmupSteps: z.int().nonnegative(),
  clipNorm: z.number().positive(),
}

/** How weights follow their gradients. */
export const optimiserSchema = z.discriminatedUnion('kind', [
  /** Adam with decoupled weight decay (AdamW). */
  z.object({ kind: z.literal('adam'), ...common }),
  /** Stochastic gradient descent with momentum; nnU-Net trains with Nesterov's form and 0.99. */
  z.object({
    kind: z.literal('sgd'),
    ...common,
    momentum: z.number().min(0).lt(1).default(0.99),
    nesterov: z.boolean().default(true),
  }),
])
export type OptimiserConfig = z.infer<typeof optimiserSchema>
