import { z } from 'zod'
import { sequenceSchema } from './anatomy.ts'
import { idSchema, splitSchema, volumesMlSchema } from './cases.ts'

/** Where the intensities of one image lie. Foreground: what is not air; see docs/datasets.md. */
export const imageMeasureSchema = z.object({
  /** Quartiles of the foreground, in the units of the file; all 0 where nothing but background is there. */
  q25: z.number(),
  median: z.number(),
  q75: z.number(),
  /** Share of voxels that are exactly 0, 0…1. */
  zeroShare: z.number().min(0).max(1),
})
export type ImageMeasure = z.infer<typeof imageMeasureSchema>

/** How well two sequences of a case fit as they are, and with one of them mirrored left to right. */
export const mirrorFitSchema = z.object({
  first: sequenceSchema,
  second: sequenceSchema,
  /** Normalised mutual information, 1 (nothing in common) to 2. */
  straight: z.number(),
  mirrored: z.number(),
})
export type MirrorFit = z.infer<typeof mirrorFitSchema>

/** What the voxels of a case say. */
export const caseMeasureSchema = z.object({
  images: z.partialRecord(sequenceSchema, imageMeasureSchema),
  fits: z.array(mirrorFitSchema),
  /** Share of tumour voxels on the zero background of every stripped image; null where that cannot be told. */
  tumourOutside: z.number().min(0).max(1).nullable(),
  /** What a header says of itself that cannot be right, e.g. sform and qform that differ in left and right. */
  headerWarnings: z.array(z.object({ sequence: sequenceSchema, message: z.string() })),
  /** Files that could not be read, or hold something else than what was imported. */
  unreadable: z.array(z.object({ sequence: sequenceSchema, message: z.string() })),
})
export type CaseMeasure = z.infer<typeof caseMeasureSchema>

/** A case in the drawings of a quality report. */
export const caseOverviewSchema = z.object({
  caseId: idSchema,
  caseName: z.string(),
  split: splitSchema,
  sequences: z.array(sequenceSchema),
  /** Volumes of the newest label, or null where there is none. */
  volumesMl: volumesMlSchema.nullable(),
  /** Null where the voxels were not measured yet. */
  measure: caseMeasureSchema.nullable(),
})
export type CaseOverview = z.infer<typeof caseOverviewSchema>

/** Progress of measuring a data set, case by case. */
export const measuringSchema = z.object({
  done: z.int().nonnegative(),
  total: z.int().nonnegative(),
  caseName: z.string(),
})
export type Measuring = z.infer<typeof measuringSchema>
