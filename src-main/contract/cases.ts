import { z } from 'zod'
import { labelConventionSchema, sequenceSchema } from './anatomy.ts'
import { sha256Schema, volumeGridSchema } from './volume.ts'

export const idSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{2,63}$/)
export const instantSchema = z.iso.datetime()

export const splitSchema = z.enum(['train', 'validation', 'test', 'none'])
export type Split = z.infer<typeof splitSchema>

export const reviewStateSchema = z.enum([
  'unseen',
  'in-progress',
  'corrected',
  'approved',
  'flagged',
])
export type ReviewState = z.infer<typeof reviewStateSchema>

/** A source image file, read where it lies and never written. */
export const sourceImageSchema = z.object({
  path: z.string(),
  sha256: sha256Schema,
  /** The NIfTI that the workspace made of a source in another format; absent where the source itself is read. */
  objectSha256: sha256Schema.optional(),
  grid: volumeGridSchema,
})
export type SourceImage = z.infer<typeof sourceImageSchema>

/** Volumes in millilitres by canonical label and by region. */
export const volumesMlSchema = z.object({
  necrosis: z.number(),
  edema: z.number(),
  enhancing: z.number(),
  WT: z.number(),
  TC: z.number(),
  ET: z.number(),
})
export type VolumesMl = z.infer<typeof volumesMlSchema>

export const labelOriginSchema = z.enum(['import', 'reader'])

/** A labelmap a person saved (or that came with the case). Never overwritten. */
export const labelVersionSchema = z.object({
  id: idSchema,
  caseId: idSchema,
  number: z.int().positive(),
  parentId: idSchema.nullable(),
  /** sha256 of the stored `.nii.gz`, which is also the file that export writes. */
  objectSha256: sha256Schema,
  origin: labelOriginSchema,
  author: z.string(),
  note: z.string(),
  createdAt: instantSchema,
  volumesMl: volumesMlSchema,
})
export type LabelVersion = z.infer<typeof labelVersionSchema>

export const proposalStateSchema = z.enum(['open', 'partly-accepted', 'accepted', 'rejected'])

/** What a network drew and nobody accepted yet. */
export const proposalSchema = z.object({
  id: idSchema,
  caseId: idSchema,
  modelId: idSchema,
  modelName: z.string(),
  state: proposalStateSchema,
  createdAt: instantSchema,
  objectSha256: sha256Schema,
  /** Voxel entropy of the class probabilities, 0–255 for 0–ln(4). */
  uncertaintySha256: sha256Schema.nullable(),
  /** Mean entropy over the predicted tumour and its rim, 0 (sure) to 1. */
  uncertaintyScore: z.number().min(0).max(1).nullable(),
  volumesMl: volumesMlSchema,
})
export type Proposal = z.infer<typeof proposalSchema>

export const caseSummarySchema = z.object({
  id: idSchema,
  datasetId: idSchema,
  datasetName: z.string(),
  name: z.string(),
  sequences: z.array(sequenceSchema),
  grid: volumeGridSchema,
  labelConvention: labelConventionSchema,
  split: splitSchema,
  reviewState: reviewStateSchema,
  flagReason: z.string().nullable(),
  synthetic: z.boolean(),
  /** True where a sequence lies on a grid of its own and cannot be used before the case is prepared. */
  needsPreparation: z.boolean().optional(),
  versionCount: z.int().nonnegative(),
  proposalState: proposalStateSchema.nullable(),
  uncertaintyScore: z.number().nullable(),
  wholeTumourMl: z.number().nullable(),
  /** One sentence: why this case stands where it stands in the worklist. */
  priorityReason: z.string(),
  updatedAt: instantSchema,
})
export type CaseSummary = z.infer<typeof caseSummarySchema>

export const caseDetailSchema = caseSummarySchema.extend({
  images: z.partialRecord(sequenceSchema, sourceImageSchema),
  versions: z.array(labelVersionSchema),
  proposal: proposalSchema.nullable(),
  warnings: z.array(z.string()),
})
export type CaseDetail = z.infer<typeof caseDetailSchema>

/** How the files of a data set are named and arranged. */
export const datasetLayoutSchema = z.enum([
  'brats',
  'bids',
  'synthetic',
  'decathlon',
  'nnunet',
  'dicom',
])
export type DatasetLayout = z.infer<typeof datasetLayoutSchema>

export const datasetSchema = z.object({
  id: idSchema,
  name: z.string(),
  rootPath: z.string(),
  layout: datasetLayoutSchema,
  synthetic: z.boolean(),
  caseCount: z.int().nonnegative(),
  splitCounts: z.record(splitSchema, z.int().nonnegative()),
  splitSeed: z.int(),
  createdAt: instantSchema,
})
export type Dataset = z.infer<typeof datasetSchema>

/** Something import could not use: which file, which field, and what to do about it. */
export const importProblemSchema = z.object({
  path: z.string(),
  field: z.string(),
  message: z.string(),
  remedy: z.string(),
  /** True for what is as it should be and only worth knowing, such as a localiser that takes no part. */
  expected: z.boolean().optional(),
})
export type ImportProblem = z.infer<typeof importProblemSchema>

export const importEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    done: z.int().nonnegative(),
    total: z.int().nonnegative(),
    caseName: z.string(),
    /** What is counted; cases where not given. */
    unit: z.enum(['cases', 'files', 'slices']).optional(),
  }),
  z.object({ type: z.literal('problem'), problem: importProblemSchema }),
  z.object({
    type: z.literal('done'),
    datasetId: idSchema.nullable(),
    imported: z.int().nonnegative(),
    skipped: z.int().nonnegative(),
    /** True where somebody stopped the import; cases stored until then stay. */
    stopped: z.boolean().optional(),
  }),
])
export type ImportEvent = z.infer<typeof importEventSchema>
