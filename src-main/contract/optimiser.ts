import { z } from 'zod'

const common = {
  learningRate: z.number().positive(),
  weightDecay: z.number().nonnegative(),
  schedule: z.enum(['constant', 'poly', 'cosine']),
  warmupSteps: z.int().nonnegative(),
  /** Largest Euclidean norm of the whole gradient; a longer one is scaled down to it. */
  clipNorm: z.number().positive(),
}

/**
 * How weights follow their gradients: Adam with decoupled weight decay (AdamW), or gradient descent with momentum, whose
 * defaults are nnU-Net's.
 */
export const optimiserSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('adam'), ...common }),
  z.object({
    kind: z.literal('sgd'),
    ...common,
    momentum: z.number().min(0).max(0.9999).default(0.99),
    nesterov: z.boolean().default(true),
  }),
])

/** The optimiser's name alone: the rest is the planner's. */
export const optimiserKindSchema = z.enum(['adam', 'sgd'])
export type OptimiserKind = z.infer<typeof optimiserKindSchema>
