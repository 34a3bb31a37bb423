import { z } from 'zod'
import { sequenceSchema } from './anatomy.ts'
import { idSchema, volumesMlSchema } from './cases.ts'

/** DICOM objects that a label version is exported as: segmentation with a bit a voxel, or as label map; contours; report. */
export const DICOM_FORMATS = [
  'dicom-seg',
  'dicom-seg-labelmap',
  'dicom-rtstruct',
  'dicom-sr',
] as const
export const dicomFormatSchema = z.enum(DICOM_FORMATS)
export type DicomFormat = z.infer<typeof dicomFormatSchema>

export const DICOM_FORMAT_TITLES: Record<DicomFormat, string> = {
  'dicom-seg': 'DICOM segmentation',
  'dicom-seg-labelmap': 'DICOM segmentation (label map)',
  'dicom-rtstruct': 'DICOM contours (RTSTRUCT)',
  'dicom-sr': 'DICOM measurement report (SR) with its segmentation',
}

export const dicomExportSchema = z.object({
  caseId: idSchema,
  versionId: idSchema,
  format: dicomFormatSchema,
  /** On whose images it is written; on those of the case's grid where not given. */
  sequence: sequenceSchema.optional(),
  /** A folder, or the file's name. */
  path: z.string(),
})
export type DicomExport = z.infer<typeof dicomExportSchema>

/** The canonical labels that a segment can consist of, by its number as text; none to leave it out. */
export const segmentMappingSchema = z.record(
  z.string().regex(/^\d{1,5}$/),
  z.array(z.int().min(1).max(3)).max(3),
)
export type SegmentMappingInput = z.infer<typeof segmentMappingSchema>

/** A segment of a DICOM segmentation, and what it is taken for. */
export const foundSegmentSchema = z.object({
  number: z.int().nonnegative(),
  label: z.string(),
  /** Meaning of its code; null where it has none. */
  meaning: z.string().nullable(),
  algorithmType: z.string(),
  /** Canonical labels; null where neither label nor code tells. */
  labels: z.array(z.int().min(1).max(3)).nullable(),
})
export type FoundSegment = z.infer<typeof foundSegmentSchema>

const voxel = z.tuple([z.number(), z.number(), z.number()])

/** A diameter between the centres of two voxels of one slice. */
const diameterSchema = z.object({ lengthMm: z.number(), from: voxel, to: voxel })

/** The bidirectional measurement of one enhancing lesion. */
export const lesionSchema = z.object({
  /** From 1, the one with the largest product first. */
  number: z.int().positive(),
  volumeMl: z.number(),
  /** Index of the slice, from 0. */
  slice: z.int().nonnegative(),
  longest: diameterSchema,
  perpendicular: diameterSchema,
  productMm2: z.number(),
  /** Large enough in both directions to be followed. */
  measurable: z.boolean(),
})
export type Lesion = z.infer<typeof lesionSchema>

/** What is measured of a label version. */
export const measurementSchema = z.object({
  versionNumber: z.int().positive(),
  volumesMl: volumesMlSchema,
  /** The axis of the grid that goes from slice to slice, and how far the slices are tilted out of the axial plane. */
  sliceAxis: z.int().min(0).max(2),
  tiltDegrees: z.number(),
  lesions: z.array(lesionSchema),
  /** Of the five largest measurable lesions at most. */
  sumOfProductsMm2: z.number(),
})
export type Measurement = z.infer<typeof measurementSchema>
