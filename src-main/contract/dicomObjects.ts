import { z } from 'zod'
import { sequenceSchema } from './anatomy.ts'
import { idSchema } from './cases.ts'

/** DICOM objects that a label version is exported as: a segmentation with a bit a voxel, or as label map. */
export const DICOM_FORMATS = ['dicom-seg', 'dicom-seg-labelmap'] as const
export const dicomFormatSchema = z.enum(DICOM_FORMATS)
export type DicomFormat = z.infer<typeof dicomFormatSchema>

export const DICOM_FORMAT_TITLES: Record<DicomFormat, string> = {
  'dicom-seg': 'DICOM segmentation',
  'dicom-seg-labelmap': 'DICOM segmentation (label map)',
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
