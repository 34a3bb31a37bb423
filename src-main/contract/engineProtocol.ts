import { z } from 'zod'
import { byRegion, labelConventionSchema, sequenceSchema } from './anatomy.ts'
import { idSchema } from './cases.ts'
import { fittedSchema } from './fitting.ts'
import { deviceInfoSchema, jobErrorSchema, jobEventSchema, jobProgressSchema } from './jobs.ts'
import { caseScoreSchema } from './models.ts'
import { networkSchema } from './network.ts'
import { inferenceSchema, jobPlanSchema } from './plan.ts'

/**
 * What the core tells an engine process and what it hears back. The engine is started with the path of a
 * manifest; messages are objects on the child-process IPC channel.
 */
export const manifestCaseSchema = z.object({
  caseId: idSchema,
  name: z.string(),
  /** Absolute paths of the source images. */
  images: z.partialRecord(sequenceSchema, z.string()),
  label: z.object({ path: z.string(), convention: labelConventionSchema }).nullable(),
})
export type ManifestCase = z.infer<typeof manifestCaseSchema>

export const manifestModelSchema = z.object({
  modelId: idSchema,
  weightsPath: z.string(),
  network: networkSchema,
  sequences: z.array(sequenceSchema).min(1),
  /** The networks of an ensemble, this one first; absent: it stands alone. */
  members: z.array(z.object({ weightsPath: z.string(), network: networkSchema })).optional(),
  /** What was fitted for the model, in place of the plan's; evaluations only. */
  inference: inferenceSchema.partial().optional(),
})
export type ManifestModel = z.infer<typeof manifestModelSchema>

/** A job with every id resolved to a path. `cases` by use; models by the id the plan names. */
export const jobManifestSchema = z.object({
  jobId: idSchema,
  plan: jobPlanSchema,
  /** The engine may write only here. */
  folder: z.string(),
  training: z.array(manifestCaseSchema),
  validation: z.array(manifestCaseSchema),
  /** Corrected cases of a fine-tuning run. */
  corrected: z.array(manifestCaseSchema),
  /** Cases that only the teacher speaks for; their label is null. Absent: none. */
  pool: z.array(manifestCaseSchema).optional(),
  /** Cases to predict or to evaluate. */
  subjects: z.array(manifestCaseSchema),
  models: z.array(manifestModelSchema),
  resumeFrom: z.string().nullable(),
})
export type JobManifest = z.infer<typeof jobManifestSchema>

export const predictedCaseSchema = z.object({
  caseId: idSchema,
  /** `.nii.gz` with canonical labels (et3 convention) on the case grid. */
  labelPath: z.string(),
  /** `.nii.gz`, uint8, entropy scaled 0–255. */
  uncertaintyPath: z.string(),
  uncertaintyScore: z.number().min(0).max(1),
})
export type PredictedCase = z.infer<typeof predictedCaseSchema>

export const engineResultSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('model'),
    weightsPath: z.string(),
    parameterCount: z.int().nonnegative(),
    validationDice: byRegion(z.number().nullable()).nullable(),
  }),
  z.object({ kind: z.literal('predictions'), cases: z.array(predictedCaseSchema) }),
  z.object({
    kind: z.literal('evaluations'),
    models: z.array(
      z.object({
        modelId: idSchema,
        scores: z.array(caseScoreSchema),
        /** Of an evaluation that fits. */
        fitted: fittedSchema.optional(),
      }),
    ),
  }),
])
export type EngineResult = z.infer<typeof engineResultSchema>

export const engineToCoreSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), device: deviceInfoSchema }),
  z.object({ type: z.literal('progress'), progress: jobProgressSchema }),
  z.object({ type: z.literal('event'), event: jobEventSchema }),
  z.object({ type: z.literal('predicted'), prediction: predictedCaseSchema }),
  z.object({ type: z.literal('paused'), checkpointPath: z.string() }),
  z.object({ type: z.literal('done'), result: engineResultSchema }),
  z.object({ type: z.literal('failed'), error: jobErrorSchema }),
])
export type EngineToCore = z.infer<typeof engineToCoreSchema>

export const coreToEngineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run'), manifest: jobManifestSchema }),
  z.object({ type: z.literal('pause') }),
  z.object({ type: z.literal('cancel') }),
])
export type CoreToEngine = z.infer<typeof coreToEngineSchema>
