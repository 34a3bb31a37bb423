import { z } from 'zod'
import { sequenceSchema } from './anatomy.ts'
import { backendChoiceSchema } from './backend.ts'
import { idSchema, splitSchema } from './cases.ts'
import { distillationSchema } from './distillation.ts'
import { distillationPoolSchema } from './distillationPool.ts'
import { foldSchema } from './fold.ts'
import { networkSchema } from './network.ts'
import { optimiserSchema } from './optimiser.ts'
import { deviceChoiceSchema } from './resources.ts'

/** Everything that configures a training run. Immutable; stored in every checkpoint. */
export const trainingPlanSchema = z.object({
  schema: z.literal(1),
  kind: z.enum(['train', 'distil', 'finetune']),
  name: z.string().min(1).max(80),
  role: z.enum(['teacher', 'student']),
  seed: z.int().nonnegative(),
  datasetIds: z.array(idSchema).min(1),
  recipeId: idSchema,
  /** Which patients are trained on and which validated with, in place of the data sets' own split; test cases stay out. */
  fold: foldSchema.optional(),
  network: networkSchema,
  sequences: z.array(sequenceSchema).min(1).max(4),
  patchSize: z.tuple([z.int(), z.int(), z.int()]),
  batchSize: z.int().positive(),
  /** Batches whose gradients are averaged before one update. */
  accumulate: z.int().positive().default(1),
  /** Engine processes that share these batches; a divisor of `accumulate`. */
  processes: z.int().positive().default(1),
  steps: z.int().positive(),
  validateEverySteps: z.int().positive(),
  checkpointEverySteps: z.int().positive(),
  optimiser: optimiserSchema,
  /**
   * Decay a step of a moving average of the weights, e.g. 0.999; validated and kept are the averaged ones. Absent: the
   * weights themselves.
   */
  averageDecay: z.number().min(0).max(0.99999).optional(),
  /** Validations in a row without a better score after which a run ends early. Absent: all steps are done. */
  patience: z.int().positive().optional(),
  /** Keep only each level's input and compute the rest again in the backward pass: less memory, more time. */
  checkpointing: z.boolean().default(false),
  /** Chance of each sequence of a patch to be blanked, at least one staying; for networks that accept missing ones. */
  sequenceDropout: z.number().min(0).max(0.9).default(0),
  sampling: z.object({ foregroundFraction: z.number().min(0).max(1) }),
  augmentation: z.object({
    mirror: z.boolean(),
    intensity: z.boolean(),
    spatial: z.boolean(),
    /** Blur and low resolution, besides the other changes of grey values. Absent: no. */
    resolution: z.boolean().optional(),
  }),
  loss: z.object({ dice: z.number().nonnegative(), crossEntropy: z.number().nonnegative() }),
  teacherModelId: idSchema.nullable(),
  initialModelId: idSchema.nullable(),
  distillation: distillationSchema,
  /** The student starts from the teacher's weights, narrowed where it is narrower. */
  startFromTeacher: z.boolean().default(false),
  /** Unlabelled cases that only the teacher speaks for, mixed into each batch; null: none. */
  pool: distillationPoolSchema.nullable().default(null),
  /** Only for fine-tuning: the corrected cases, how much replay, and the pull towards the current model. */
  finetune: z
    .object({
      correctedCaseIds: z.array(idSchema).min(1),
      replayFraction: z.number().min(0).max(1),
      retainWeight: z.number().nonnegative(),
    })
    .nullable(),
  backend: backendChoiceSchema,
  device: deviceChoiceSchema.optional(),
})
export type TrainingPlan = z.infer<typeof trainingPlanSchema>

export const inferenceSchema = z.object({
  /** Step between windows as a fraction of the patch. */
  stepFraction: z.number().min(0.25).max(1),
  mirror: z.boolean(),
  /**
   * Less enhancing tumour than this in a whole case is taken for a mistake and becomes necrotic core: some stray
   * voxels in a case without enhancement would otherwise cost the whole region.
   */
  minEnhancingMl: z.number().min(0).max(10).default(0.2),
  /** Connected pieces of tumour smaller than this become background, the largest excepted. Absent: 0, none. */
  minComponentMl: z.number().min(0).max(20).optional(),
  /** The uncertainty map shows how far eight mirrored views disagree, in place of the entropy of their mean. */
  agreement: z.boolean().optional(),
  /** Logits are divided by it before they become probabilities. Absent: 1. */
  temperature: z.number().min(0.05).max(20).optional(),
})
export type InferenceConfig = z.infer<typeof inferenceSchema>

/** What a person asks for; what is left out is what was fitted for the model, or the default. */
export const inferenceRequestSchema = inferenceSchema
  .omit({ minEnhancingMl: true })
  .partial()
  .extend({ minEnhancingMl: z.number().min(0).max(10).optional() })

export const predictionPlanSchema = z.object({
  schema: z.literal(1),
  kind: z.literal('predict'),
  modelId: idSchema,
  caseIds: z.array(idSchema).min(1),
  inference: inferenceSchema,
  backend: backendChoiceSchema,
  device: deviceChoiceSchema.optional(),
})
export type PredictionPlan = z.infer<typeof predictionPlanSchema>

export const evaluationPlanSchema = z.object({
  schema: z.literal(1),
  kind: z.literal('evaluate'),
  modelIds: z.array(idSchema).min(1),
  datasetId: idSchema,
  split: splitSchema,
  /** Choose post-processing and temperature of each model on these cases, in place of scoring it. */
  fit: z.boolean().optional(),
  inference: inferenceSchema,
  backend: backendChoiceSchema,
  device: deviceChoiceSchema.optional(),
})
export type EvaluationPlan = z.infer<typeof evaluationPlanSchema>

export const jobPlanSchema = z.discriminatedUnion('kind', [
  trainingPlanSchema,
  predictionPlanSchema,
  evaluationPlanSchema,
])
export type JobPlan = z.infer<typeof jobPlanSchema>
