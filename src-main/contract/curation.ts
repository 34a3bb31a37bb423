import { z } from 'zod'
import { sequenceSchema } from './anatomy.ts'
import { idSchema, instantSchema } from './cases.ts'
import { caseOverviewSchema } from './quality.ts'

/** Layouts and formats that a whole data set is written in. */
export const exportFormatSchema = z.enum([
  'nnunet',
  'bids',
  'nifti',
  'nrrd',
  'seg.nrrd',
  'metaimage',
])
export type ExportFormat = z.infer<typeof exportFormatSchema>

export const datasetExportSchema = z.object({
  /** The folder that was filled. */
  path: z.string(),
  cases: z.int().nonnegative(),
  files: z.int().nonnegative(),
  /** Cases that take no part, each with its reason. */
  skipped: z.array(z.string()),
})
export type DatasetExport = z.infer<typeof datasetExportSchema>

export const findingKindSchema = z.enum([
  'missing-sequence',
  'no-label',
  'empty-label',
  'duplicate-image',
  'shared-patient',
  'missing-file',
  'changed-file',
  'intensity-outlier',
  'flat-image',
  'flip-suspected',
  'orientation-differs',
  'label-outside',
  'label-values',
])
export type FindingKind = z.infer<typeof findingKindSchema>

/** error: training on it is wrong; warning: look before training; note: worth knowing. */
export const severitySchema = z.enum(['error', 'warning', 'note'])
export type Severity = z.infer<typeof severitySchema>

/** Something about a case that whoever trains on it should know. */
export const findingSchema = z.object({
  kind: findingKindSchema,
  severity: severitySchema,
  caseId: idSchema,
  caseName: z.string(),
  /** The sequence that is meant, where it is one. */
  sequence: sequenceSchema.optional(),
  message: z.string(),
  remedy: z.string(),
})
export type Finding = z.infer<typeof findingSchema>

export const qualityReportSchema = z.object({
  datasetId: idSchema,
  cases: z.int().nonnegative(),
  findings: z.array(findingSchema),
  /** Cases whose voxels `datasets.measure` has not read yet: what needs voxels is not judged for them. */
  unmeasured: z.int().nonnegative(),
  overview: z.array(caseOverviewSchema),
})
export type QualityReport = z.infer<typeof qualityReportSchema>

export const relocationSchema = z.object({
  /** Files found at their new place, with the content that was imported. */
  moved: z.int().nonnegative(),
  /** Files that lie where they always did. */
  unmoved: z.int().nonnegative(),
  /** Files that the new folder lacks, or holds with another content. */
  missing: z.array(z.string()),
  changed: z.array(z.string()),
})
export type Relocation = z.infer<typeof relocationSchema>

/** How the patients of a data set came into their parts, and what holds them there. */
export const splitStatusSchema = z.object({
  datasetId: idSchema,
  seed: z.int(),
  lockedAt: instantSchema.nullable(),
  /** Trainings that have used the split. */
  trainings: z.int().nonnegative(),
})
export type SplitStatus = z.infer<typeof splitStatusSchema>
