import { z } from 'zod'
import { sequenceSchema } from './anatomy.ts'
import { idSchema } from './cases.ts'
import { sha256Schema, volumeGridSchema } from './volume.ts'

const vector3 = z.tuple([z.number(), z.number(), z.number()])

/** One slice of a volume made from DICOM: slice k of the volume is `slices[k]`. */
export const dicomSliceSchema = z.object({
  sopInstanceUid: z.string(),
  /** 1 for the first frame of a multi-frame instance; null for a single-frame one. */
  frameNumber: z.int().positive().nullable(),
  /** Centre of the first pixel, LPS+ mm, as the header has it. */
  positionMm: vector3,
  /** Index into `files`. */
  file: z.int().nonnegative(),
})

/**
 * Where a volume came from, in the terms that DICOM objects refer to it by (SEG, RTSTRUCT, SR). UIDs and positions
 * only: nothing here names a person.
 */
export const dicomSourceSchema = z.object({
  studyInstanceUid: z.string(),
  seriesInstanceUid: z.string(),
  sopClassUid: z.string(),
  frameOfReferenceUid: z.string().nullable(),
  modality: z.string(),
  studyDate: z.string().nullable(),
  seriesNumber: z.number().nullable(),
  seriesDescription: z.string().nullable(),
  rows: z.int().positive(),
  columns: z.int().positive(),
  /** Unit directions of increasing column, then of increasing row, LPS+. */
  orientation: z.array(z.number()).length(6),
  /** Between rows, then between columns. */
  pixelSpacingMm: z.tuple([z.number(), z.number()]),
  /** The header's VOI window of the middle slice, in physical values. */
  window: z.object({ center: z.number(), width: z.number() }).nullable(),
  /** Paths relative to the data set's root, with "/"; in an archive "name.zip/entry". */
  files: z.array(z.object({ path: z.string(), sha256: sha256Schema })),
  slices: z.array(dicomSliceSchema).min(1),
})
export type DicomSource = z.infer<typeof dicomSourceSchema>

/**
 * `used`: gives the case one of its images. `off-grid`: is wanted, but lies on another grid than the case and waits for
 * preparation. `spare`: takes no part, because another series of its kind was preferred or it is none of the four.
 */
export const dicomSeriesStateSchema = z.enum(['used', 'off-grid', 'spare'])
export type DicomSeriesState = z.infer<typeof dicomSeriesStateSchema>

/** A volume of a DICOM case, and which sequence it was taken for. */
export const dicomSeriesSchema = z.object({
  id: idSchema,
  caseId: idSchema,
  /** Description and number of the series, as a list shows it. */
  title: z.string(),
  sequence: sequenceSchema.nullable(),
  /** 0 to 1; 1 where a reader chose. */
  confidence: z.number().min(0).max(1),
  /** How one can tell, in words. */
  reason: z.string(),
  chosenByReader: z.boolean(),
  state: dicomSeriesStateSchema,
  plane: z.enum(['axial', 'coronal', 'sagittal']),
  grid: volumeGridSchema,
  /** The NIfTI that the workspace made of the series, on its own grid. */
  objectSha256: sha256Schema,
})
export type DicomSeries = z.infer<typeof dicomSeriesSchema>
