import { z } from 'zod'
import { sequenceSchema } from './anatomy.ts'
import { idSchema, splitSchema } from './cases.ts'

export const backendNameSchema = z.enum(['tensorflow', 'wasm'])
export type BackendName = z.infer<typeof backendNameSchema>
export const backendChoiceSchema = z.enum(['auto', 'tensorflow', 'wasm'])
export type BackendChoice = z.infer<typeof backendChoiceSchema>

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

export const optimiserSchema = z.object({
  kind: z.literal('adam'),
  learningRate: z.number().positive(),
  weightDecay: z.number().nonnegative(),
  schedule: z.enum(['constant', 'poly', 'cosine']),
  warmupSteps: z.int().nonnegative(),
  clipNorm: z.number().positive(),
})

const distillationCommon = { temperature: z.number().positive(), weight: z.number().nonnegative() }

/** How the teacher guides the student. Symbols as in docs/gkd.md. */
export const distillationSchema = z.discriminatedUnion('strategy', [
  z.object({ strategy: z.literal('none') }),
  z.object({
    strategy: z.literal('label-smoothing'),
    /** Share of the target's mass spread evenly over the classes, ε. */
    smoothing: z.number().min(0).max(0.5),
    /** Equal to the plan's weight of the cross-entropy to smooth exactly that. */
    weight: z.number().nonnegative(),
  }),
  z.object({ strategy: z.literal('logits'), ...distillationCommon }),
  z.object({
    strategy: z.literal('hint'),
    weight: z.number().nonnegative(),
    /** Tap point whose standardised teacher features the student predicts. */
    layer: z.string(),
  }),
  z.object({
    strategy: z.literal('prototype'),
    ...distillationCommon,
    /** Tap point whose features are compared with the class prototypes. */
    layer: z.string(),
    prototypeWeight: z.number().nonnegative(),
  }),
  z.object({
    strategy: z.literal('gkd-published'),
    ...distillationCommon,
    /** Tap points of the network the graph is built on, e.g. "bottleneck", "decoder.0". */
    layer: z.string(),
  }),
  z.object({
    strategy: z.literal('gkd'),
    ...distillationCommon,
    /** Tap points; "decoder.*" stands for every decoder level that teacher and student share. */
    layers: z.array(z.string()).min(1),
    nodes: z.enum(['grid', 'regions', 'depthSlices']),
    gridSize: z.int().min(2).max(8),
    embedding: z.int().min(4).max(128),
    /** The frozen projection of the teacher's node features. */
    projection: z.enum(['pca', 'orthogonal']).default('pca'),
    messagePassing: z.int().min(0).max(3),
    edgeTemperature: z.number().positive(),
    nodeWeight: z.number().nonnegative(),
    relationWeight: z.number().nonnegative(),
    crossWeight: z.number().nonnegative(),
    rampFraction: z.number().min(0).max(1),
  }),
])
export type DistillationConfig = z.infer<typeof distillationSchema>
export const DISTILLATION_STRATEGIES = [
  'none',
  'label-smoothing',
  'logits',
  'hint',
  'prototype',
  'gkd-published',
  'gkd',
] as const
export type DistillationStrategy = DistillationConfig['strategy']

/** Everything that configures a training run. Immutable; stored in every checkpoint. */
export const trainingPlanSchema = z.object({
  schema: z.literal(1),
  kind: z.enum(['train', 'distil', 'finetune']),
  name: z.string().min(1).max(80),
  role: z.enum(['teacher', 'student']),
  seed: z.int().nonnegative(),
  datasetIds: z.array(idSchema).min(1),
  recipeId: idSchema,
  network: networkSchema,
  sequences: z.array(sequenceSchema).min(1).max(4),
  patchSize: z.tuple([z.int(), z.int(), z.int()]),
  batchSize: z.int().positive(),
  steps: z.int().positive(),
  validateEverySteps: z.int().positive(),
  checkpointEverySteps: z.int().positive(),
  optimiser: optimiserSchema,
  sampling: z.object({ foregroundFraction: z.number().min(0).max(1) }),
  augmentation: z.object({ mirror: z.boolean(), intensity: z.boolean(), spatial: z.boolean() }),
  loss: z.object({ dice: z.number().nonnegative(), crossEntropy: z.number().nonnegative() }),
  teacherModelId: idSchema.nullable(),
  initialModelId: idSchema.nullable(),
  distillation: distillationSchema,
  /** Only for fine-tuning: the corrected cases, how much replay, and the pull towards the current model. */
  finetune: z
    .object({
      correctedCaseIds: z.array(idSchema).min(1),
      replayFraction: z.number().min(0).max(1),
      retainWeight: z.number().nonnegative(),
    })
    .nullable(),
  backend: backendChoiceSchema,
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
})
export type InferenceConfig = z.infer<typeof inferenceSchema>

export const predictionPlanSchema = z.object({
  schema: z.literal(1),
  kind: z.literal('predict'),
  modelId: idSchema,
  caseIds: z.array(idSchema).min(1),
  inference: inferenceSchema,
  backend: backendChoiceSchema,
})
export type PredictionPlan = z.infer<typeof predictionPlanSchema>

export const evaluationPlanSchema = z.object({
  schema: z.literal(1),
  kind: z.literal('evaluate'),
  modelIds: z.array(idSchema).min(1),
  datasetId: idSchema,
  split: splitSchema,
  inference: inferenceSchema,
  backend: backendChoiceSchema,
})
export type EvaluationPlan = z.infer<typeof evaluationPlanSchema>

export const jobPlanSchema = z.discriminatedUnion('kind', [
  trainingPlanSchema,
  predictionPlanSchema,
  evaluationPlanSchema,
])
export type JobPlan = z.infer<typeof jobPlanSchema>
