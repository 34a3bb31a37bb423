import { z } from 'zod'
import { sequenceSchema } from './anatomy.ts'

const label = z.int().min(1).max(3)
/** Label values that must neither lose nor gain a voxel; 0 protects the background. */
export const lockedSchema = z.array(z.int().min(0).max(3)).default([])

/** What can be done to a whole labelmap at once. Lengths in mm, in all directions. */
export const labelOperationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('keep-largest'), label }),
  z.object({
    kind: z.literal('remove-small'),
    label,
    /** Connected pieces of less volume go. */
    minimumMl: z.number().positive().max(100),
  }),
  z.object({
    kind: z.literal('smooth'),
    label,
    method: z.enum(['median', 'gaussian']),
    radiusMm: z.number().positive().max(10),
  }),
  /** Smooths the borders of all classes together, so that no gap opens between them. */
  z.object({ kind: z.literal('smooth-all'), radiusMm: z.number().positive().max(10) }),
  z.object({ kind: z.literal('grow'), label, marginMm: z.number().positive().max(20) }),
  z.object({ kind: z.literal('shrink'), label, marginMm: z.number().positive().max(20) }),
  z.object({ kind: z.literal('hollow'), label, thicknessMm: z.number().positive().max(20) }),
  /** Fills the gaps between the slices that were drawn. */
  z.object({
    kind: z.literal('interpolate'),
    label,
    /** Index axis along which the slices follow each other. */
    axis: z.int().min(0).max(2),
  }),
  /** What is connected to a voxel and looks like its surroundings in a sequence. */
  z.object({
    kind: z.literal('grow-region'),
    label,
    sequence: sequenceSchema,
    /** Flat index into the case grid. */
    voxel: z.int().nonnegative(),
    /** Standard deviations of the surroundings to each side of their mean. */
    tolerance: z.number().positive().max(10),
  }),
  /** Every voxel around takes the class of the drawn part that is nearest along the image. */
  z.object({
    kind: z.literal('grow-from-seeds'),
    sequence: sequenceSchema,
    /** From this distance to everything drawn on, tissue counts as background. */
    reachMm: z.number().positive().max(30),
  }),
])
export type LabelOperation = z.infer<typeof labelOperationSchema>
