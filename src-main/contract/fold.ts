import { z } from 'zod'

/** One part of a cross-validation: train on the patients of all other folds, validate on those of this one. */
export const foldSchema = z
  .object({
    /** From 1. */
    index: z.int().min(1).max(20),
    of: z.int().min(2).max(20),
  })
  .refine(({ index, of }) => index <= of, 'the fold must be one of them')
export type Fold = z.infer<typeof foldSchema>
