import { z } from 'zod'
import { sequenceSchema } from './anatomy.ts'
import { backendChoiceSchema, backendNameSchema } from './backend.ts'
import { idSchema } from './cases.ts'
import { NETWORK_KINDS, recipeSchema } from './network.ts'
import { deviceChoiceSchema } from './resources.ts'

const triple = z.tuple([z.number(), z.number(), z.number()])
const counts = z.object({
  train: z.int().nonnegative(),
  validation: z.int().nonnegative(),
  test: z.int().nonnegative(),
})

/** What planning reads out of a data set. Medians are over the cases that were read. */
export const datasetFingerprintSchema = z.object({
  datasetId: idSchema,
  datasetName: z.string(),
  cases: z.int().nonnegative(),
  /** Cases of the training split whose voxels were read: all of them, or as many as were asked for. */
  casesRead: z.int().positive(),
  /** Those with a segmentation, which can be learned from or measured on. */
  split: counts,
  /** Training cases that have none yet. */
  unlabelled: z.int().nonnegative(),
  /** Labelled training cases that have a sequence. */
  available: z.array(z.object({ sequence: sequenceSchema, cases: z.int().nonnegative() })),
  /** Along x, y, z of the canonical axes (right, anterior, superior). */
  medianSpacingMm: triple,
  /** Tenth percentile: the finer end. */
  fineSpacingMm: triple,
  /** Of the box around everything that is not zero. */
  medianShape: triple,
  medianExtentMm: triple,
  /** Share of that box that is not zero. */
  brainShare: z.number().min(0).max(1),
  /** Inside the non-zero mask, in the files' own units. */
  intensities: z.array(
    z.object({
      sequence: sequenceSchema,
      mean: z.number(),
      deviation: z.number().nonnegative(),
      /** Largest mean over smallest mean of the cases: how far the scanners' units differ. */
      meanRatio: z.number().positive(),
    }),
  ),
  /** Of labels 1, 2, 3: median millilitres where there is any, and in how many of the cases read. */
  classes: z.array(
    z.object({
      label: z.int().min(1).max(3),
      medianMl: z.number().nonnegative(),
      cases: z.int().nonnegative(),
    }),
  ),
})
export type DatasetFingerprint = z.infer<typeof datasetFingerprintSchema>

/** Kinds that a planner can size: those whose levels follow the patch. */
export const PLANNED_KINDS = NETWORK_KINDS.filter((kind) => kind !== 'meshnet')

/** What a person decides instead of the planner. */
export const planOverridesSchema = z.object({
  kind: z.enum(PLANNED_KINDS).optional(),
  head: z.enum(['classes', 'regions']).optional(),
  spacingMm: z.number().min(0.3).max(6).optional(),
  patchSize: z.tuple([z.int().min(8), z.int().min(8), z.int().min(8)]).optional(),
  batchSize: z.int().min(1).max(64).optional(),
  /** Feature channels a level, finest first; fixes the number of levels too. */
  channels: z.array(z.int().min(2).max(512)).min(2).max(6).optional(),
  convolutionsPerLevel: z.int().min(1).max(4).optional(),
  residual: z.boolean().optional(),
  learningRate: z.number().positive().optional(),
  steps: z.int().positive().optional(),
  sequenceDropout: z.number().min(0).max(0.9).optional(),
})
export type PlanOverrides = z.infer<typeof planOverridesSchema>

/** What can be chosen, in the order in which it is decided. */
export const PLAN_CHOICES = [
  'sequences',
  'normalisation',
  'spacing',
  'network',
  'patch',
  'levels',
  'batch',
  'learningRate',
  'steps',
  'validation',
] as const

export const planReasonSchema = z.object({
  choice: z.enum(PLAN_CHOICES),
  value: z.string(),
  /** One sentence. */
  because: z.string(),
  /** Decided by a person. */
  overridden: z.boolean(),
})
export type PlanReason = z.infer<typeof planReasonSchema>

/** A training as the planner would do it, with its reasons; what `gliadesk plan` writes and `train --plan` reads. */
export const trainingProposalSchema = z.object({
  schema: z.literal(1),
  kind: z.literal('training-proposal'),
  recipe: recipeSchema,
  sequences: z.array(sequenceSchema).min(1).max(4),
  sequenceDropout: z.number().min(0).max(0.9),
  device: deviceChoiceSchema,
  deviceName: z.string(),
  backend: backendNameSchema,
  reasons: z.array(planReasonSchema),
  expects: z.object({
    parameters: z.int().positive(),
    /** Forward and backward pass of one update. */
    gflopPerStep: z.number().positive(),
    memoryBytes: z.number().positive(),
    /** Null where the device's speed was not measured. */
    secondsPerStep: z.number().positive().nullable(),
  }),
  fingerprint: datasetFingerprintSchema,
})
export type TrainingProposal = z.infer<typeof trainingProposalSchema>

export const planRequestSchema = z.object({
  datasetId: idSchema,
  /** Null: those that the data set has. */
  sequences: z.array(sequenceSchema).min(1).max(4).nullable(),
  backend: backendChoiceSchema,
  device: deviceChoiceSchema.optional(),
  /** How long the training may take. */
  hours: z.number().positive().max(1000).optional(),
  /** Whether to compute on the device for some seconds first, so that times can be told. */
  measure: z.boolean().default(true),
  /** Cases to read at most. */
  maxCases: z.int().min(1).default(60),
  overrides: planOverridesSchema.optional(),
})
export type PlanRequest = z.infer<typeof planRequestSchema>
