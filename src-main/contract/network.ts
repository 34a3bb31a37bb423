import { z } from 'zod'
import { idSchema } from './cases.ts'

/** A 3D U-Net: one entry a resolution level, finest first. */
export const networkSchema = z.object({
  kind: z.literal('unet'),
  /** Feature channels a level, finest first; the number of levels follows from it. */
  channels: z.array(z.int().min(2).max(512)).min(2).max(6),
  /** Convolution blocks a level in encoder and decoder. */
  convolutionsPerLevel: z.int().min(1).max(4),
  residual: z.boolean(),
  /** Extra outputs at coarser decoder levels, weighted 1, ½, ¼ … in the loss. */
  deepSupervision: z.boolean(),
  /**
   * Edge of the isotropic voxels the network works on, mm: cases on another grid are resampled to it and
   * the answer back. Absent: the network works on each case's own grid.
   */
  spacingMm: z.number().positive().optional(),
  /** Trained with sequences blanked at random: it reads any subset of its sequences, absent ones as zeros. */
  acceptsMissing: z.boolean().optional(),
})
export type NetworkConfig = z.infer<typeof networkSchema>

export const recipeSchema = z.object({
  id: idSchema,
  title: z.string(),
  description: z.string(),
  network: networkSchema,
  /** Patch size in voxels along x, y, z. */
  patchSize: z.tuple([z.int(), z.int(), z.int()]),
  batchSize: z.int().positive(),
  learningRate: z.number().positive(),
  steps: z.int().positive(),
})
export type Recipe = z.infer<typeof recipeSchema>
