import { z } from 'zod'
import { idSchema } from './cases.ts'

/**
 * Cases that only the teacher speaks for: their labels, where they have any, are never read. Labelled and pool patches
 * share every batch; the segmentation loss sees the labelled ones alone, the guidance all of them.
 */
export const distillationPoolSchema = z.object({
  /** Data sets whose training split makes the pool; cases need every sequence of teacher and student. */
  datasetIds: z.array(idSchema).min(1),
  /** Narrows the pool to these cases; empty: all of the data sets. */
  caseIds: z.array(idSchema).default([]),
  /** Share of a batch's patches that come from the pool. */
  fraction: z.number().min(0.05).max(0.9),
  /**
   * `added`: pool patches come on top of the plan's batch size, so that the labelled patches of every step are the
   * very ones of a run without a pool. `within`: they take places of the batch, which costs no time.
   */
  mode: z.enum(['added', 'within']).default('added'),
  /** What the teacher's word on a pool patch weighs: in full, by its certainty at each voxel, or over the patch. */
  confidence: z.enum(['none', 'voxel', 'patch']).default('voxel'),
})
export type DistillationPool = z.infer<typeof distillationPoolSchema>
