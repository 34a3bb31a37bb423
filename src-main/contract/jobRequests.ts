import { z } from 'zod'
import { sequenceSchema } from './anatomy.ts'
import { backendChoiceSchema } from './backend.ts'
import { idSchema } from './cases.ts'
import { distillationSchema } from './distillation.ts'
import { distillationPoolSchema } from './distillationPool.ts'
import { foldSchema } from './fold.ts'
import { recipeSchema } from './network.ts'
import { optimiserKindSchema } from './optimiser.ts'
import { trainingResourcesSchema } from './resources.ts'

/** What a person chooses when starting training; the planner turns it into a full `TrainingPlan`. */
export const trainRequestSchema = z.object({
  name: z.string().min(1).max(80),
  datasetId: idSchema,
  recipeId: idSchema,
  /** The recipe itself where it is none of the stored ones, as a planner's. */
  recipe: recipeSchema.optional(),
  sequences: z.array(sequenceSchema).min(1).max(4),
  role: z.enum(['teacher', 'student']),
  /** Above 0 the network learns to read any subset of its sequences. */
  sequenceDropout: z.number().min(0).max(0.9).optional(),
  steps: z.int().positive().nullable(),
  /** One part of a cross-validation. */
  fold: foldSchema.optional(),
  /** Decay of a moving average of the weights; absent: none. */
  averageDecay: z.number().min(0).max(0.99999).optional(),
  /** Validations without a better score after which a run ends early; absent: all steps. */
  patience: z.int().positive().optional(),
  /** Adam where nothing is said. */
  optimiser: optimiserKindSchema.optional(),
  seed: z.int().nonnegative(),
  backend: backendChoiceSchema,
  resources: trainingResourcesSchema.optional(),
})
export const distilRequestSchema = trainRequestSchema
  .omit({ role: true, sequenceDropout: true, fold: true, averageDecay: true, patience: true })
  .extend({
    teacherModelId: idSchema,
    distillation: distillationSchema,
    pool: distillationPoolSchema.nullable().optional(),
    /** The student starts from the teacher's weights instead of random ones. */
    startFromTeacher: z.boolean().optional(),
  })
export const finetuneRequestSchema = z.object({
  name: z.string().min(1).max(80).nullable(),
  modelId: idSchema,
  caseIds: z.array(idSchema).min(1),
  steps: z.int().positive().nullable(),
  backend: backendChoiceSchema,
  resources: trainingResourcesSchema.optional(),
})
