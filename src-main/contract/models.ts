import { z } from 'zod'
import { byRegion, regionSchema, sequenceSchema, type Sequence } from './anatomy.ts'
import { idSchema, instantSchema, splitSchema } from './cases.ts'
import { DISTILLATION_STRATEGIES } from './distillation.ts'
import { modelFittedSchema } from './fitting.ts'
import { networkSchema, type NetworkConfig } from './network.ts'
import { sha256Schema } from './volume.ts'

export const modelStatusSchema = z.enum(['champion', 'challenger', 'retired'])
export type ModelStatus = z.infer<typeof modelStatusSchema>

export const modelSchema = z.object({
  id: idSchema,
  name: z.string(),
  role: z.enum(['teacher', 'student']),
  sequences: z.array(sequenceSchema).min(1),
  network: networkSchema,
  parameterCount: z.int().nonnegative(),
  origin: z.enum(['shipped', 'train', 'distil', 'finetune', 'import']),
  strategy: z.enum(DISTILLATION_STRATEGIES),
  parentId: idSchema.nullable(),
  teacherId: idSchema.nullable(),
  jobId: idSchema.nullable(),
  weightsSha256: sha256Schema,
  status: modelStatusSchema,
  trainedOnSynthetic: z.boolean(),
  validationDice: byRegion(z.number().nullable()).nullable(),
  /** Models whose probabilities are averaged, this record standing for all of them; absent: one network. */
  memberIds: z.array(idSchema).min(2).optional(),
  /** Post-processing and temperature that were fitted on validation cases; absent: the defaults. */
  fitted: modelFittedSchema.optional(),
  createdAt: instantSchema,
})
export type Model = z.infer<typeof modelSchema>

/** Models compete in a slot: same role and same input sequences. One champion a slot. */
export const slotOf = (model: Pick<Model, 'role' | 'sequences'>): string =>
  `${model.role}:${[...model.sequences].sort().join('+')}`

/**
 * Whether a network can read a case with these sequences: all of its own must be there, or one, where it was trained
 * to do without the others.
 */
export const canRead = (
  reader: {
    readonly sequences: readonly Sequence[]
    readonly network: Pick<NetworkConfig, 'acceptsMissing'>
  },
  available: readonly Sequence[],
): boolean => {
  const isThere = (sequence: Sequence): boolean => available.includes(sequence)
  return reader.network.acceptsMissing
    ? reader.sequences.some(isThere)
    : reader.sequences.every(isThere)
}

/** What one model reached on one held-out case. Null where the metric is undefined (see `undefinedReason`). */
const scores = {
  dice: byRegion(z.number().nullable()),
  hd95Mm: byRegion(z.number().nullable()),
  volumeErrorMl: byRegion(z.number()),
}
export const caseScoreSchema = z.object({
  caseId: idSchema,
  caseName: z.string(),
  ...scores,
  /** The same without the post-processing fitted for the model, with the default one; absent where none is fitted. */
  unfitted: z.object(scores).optional(),
})
export type CaseScore = z.infer<typeof caseScoreSchema>

export const evaluationSchema = z.object({
  id: idSchema,
  modelId: idSchema,
  datasetId: idSchema,
  split: splitSchema,
  createdAt: instantSchema,
  scores: z.array(caseScoreSchema),
  meanDice: byRegion(z.number().nullable()),
  meanHd95Mm: byRegion(z.number().nullable()),
  undefinedCases: byRegion(z.int().nonnegative()),
})
export type Evaluation = z.infer<typeof evaluationSchema>

/** Paired difference challenger − champion on the same held-out cases. */
export const comparisonSchema = z.object({
  championId: idSchema,
  challengerId: idSchema,
  cases: z.int().nonnegative(),
  differences: z.array(
    z.object({
      region: regionSchema,
      champion: z.number().nullable(),
      challenger: z.number().nullable(),
      meanDifference: z.number().nullable(),
      /** 95 % bootstrap interval of the mean paired difference; null with fewer than three pairs. */
      interval: z.tuple([z.number(), z.number()]).nullable(),
    }),
  ),
  verdict: z.enum(['better', 'no-difference-shown', 'worse', 'not-measured']),
  /** The verdict in one honest sentence. */
  sentence: z.string(),
})
export type Comparison = z.infer<typeof comparisonSchema>
