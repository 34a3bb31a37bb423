import { z } from 'zod'
import { sequenceSchema } from './anatomy.ts'
import { idSchema, instantSchema, sourceImageSchema } from './cases.ts'
import { sha256Schema, volumeGridSchema } from './volume.ts'

/**
 * What is done to the sequences of a raw case, in this order; a step that is null or false is left out. The same plan on
 * the same files gives the same bytes.
 */
export const preparationPlanSchema = z.object({
  schema: z.literal(1),
  /** The sequence that all others are brought onto; null takes the finest of T1ce and T1, else the finest at all. */
  reference: sequenceSchema.nullable(),
  /** Store axes in the order nearest to right, front, head. Without resampling, no value changes. */
  reorient: z.boolean(),
  /** Edge of isotropic voxels; null keeps the reference's own grid. */
  resample: z.object({ spacingMm: z.number().min(0.3).max(6) }).nullable(),
  /** Rigid registration to the reference; without it the positions in the headers are believed. */
  register: z.boolean(),
  /** Cut to the head (the brain, where it is extracted) and a margin. */
  crop: z.object({ marginMm: z.number().min(0).max(50) }).nullable(),
  /** Slow changes of brightness; each level halves the distance of the control points. */
  biasCorrection: z.object({ levels: z.int().min(1).max(5) }).nullable(),
  /** Everything outside the brain becomes 0; a larger fraction gives a smaller brain. */
  brainExtraction: z.object({ fraction: z.number().min(0.1).max(0.9) }).nullable(),
})
export type PreparationPlan = z.infer<typeof preparationPlanSchema>

/** What networks of this field are trained on: 1 mm, one grid, skull-stripped. */
export const DEFAULT_PREPARATION: PreparationPlan = {
  schema: 1,
  reference: null,
  reorient: true,
  resample: { spacingMm: 1 },
  register: true,
  crop: { marginMm: 10 },
  biasCorrection: null,
  brainExtraction: { fraction: 0.55 },
}

const similaritySchema = z.object({
  /** Normalised mutual information, 1 (nothing in common) to 2. */
  normalised: z.number(),
  /** Share of the points looked at that lie inside both images. */
  overlap: z.number().min(0).max(1),
})

export const registrationRecordSchema = z.object({
  before: similaritySchema,
  after: similaritySchema,
  /** Turn of the head against the reference, degrees, and how far its middle moved. */
  rotationDegrees: z.number(),
  shiftMm: z.number(),
  /** True where the headers' positions were kept because moving the image gained nothing. */
  keptPosition: z.boolean(),
})
export type RegistrationRecord = z.infer<typeof registrationRecordSchema>

export const preparedSequenceSchema = z.object({
  /** The file it was made of, which stays as it is. */
  source: sourceImageSchema,
  preparedSha256: sha256Schema,
  /** Row-major 4×4, mm to mm: from the prepared world (that of the reference) to that of the source. */
  preparedToSource: z.array(z.number()).length(16),
  /** Null for the reference, and where nothing was registered. */
  registration: registrationRecordSchema.nullable(),
  /** Share of the head (or brain) that the source covers. */
  coverage: z.number().min(0).max(1),
  /** Least and largest of the bias field inside the head, as factors of brightness. */
  bias: z.object({ iterations: z.int(), low: z.number(), high: z.number() }).nullable(),
})
export type PreparedSequence = z.infer<typeof preparedSequenceSchema>

/** What was done to a case, in full: enough to do it again and to go back to any original grid. */
export const preparationRecordSchema = z.object({
  id: idSchema,
  caseId: idSchema,
  /** `preview`: computed, the case is as it was. `applied`: these are the case's images. */
  state: z.enum(['preview', 'applied']),
  plan: preparationPlanSchema,
  reference: sequenceSchema,
  grid: volumeGridSchema,
  sequences: z.partialRecord(sequenceSchema, preparedSequenceSchema),
  brain: z.object({ volumeMl: z.number(), wasStripped: z.boolean() }).nullable(),
  /** Version of the algorithms; another one may give other bytes. */
  algorithms: z.int().positive(),
  /** Version of Gliadesk. */
  version: z.string(),
  seconds: z.number(),
  createdAt: instantSchema,
})
export type PreparationRecord = z.infer<typeof preparationRecordSchema>

/** An original of a case and how it lies. */
export const originalSchema = z.object({
  image: sourceImageSchema,
  /** Three letters: where the stored axes run to, e.g. "LPS". */
  orientation: z.string(),
  /** Why it does not lie on the reference's grid, in a sentence; null where it does. */
  difference: z.string().nullable(),
})

/** Where a case stands with its preparation. */
export const preparationStatusSchema = z.object({
  originals: z.partialRecord(sequenceSchema, originalSchema),
  /** Some sequence lies on a grid of its own and cannot be used yet. */
  needed: z.boolean(),
  reference: sequenceSchema,
  /** Why it cannot be prepared now, or null. */
  blocked: z.string().nullable(),
  applied: preparationRecordSchema.nullable(),
  preview: preparationRecordSchema.nullable(),
})
export type PreparationStatus = z.infer<typeof preparationStatusSchema>

export const preparationEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    /** 0…1 of all that is to be done. */
    share: z.number().min(0).max(1),
    etaSeconds: z.number().nonnegative().nullable(),
    message: z.string(),
  }),
  z.object({ type: z.literal('done'), record: preparationRecordSchema }),
])
export type PreparationEvent = z.infer<typeof preparationEventSchema>
