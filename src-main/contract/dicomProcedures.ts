import { z } from 'zod'
import { idSchema } from './cases.ts'
import {
  dicomExportSchema,
  foundSegmentSchema,
  measurementSchema,
  segmentMappingSchema,
} from './dicomObjects.ts'
import { editResultSchema } from './labels.ts'
import { procedure } from './procedure.ts'

/** Labels as DICOM objects, out and in. */
export const dicomProcedures = {
  /** Writes a version on the slices of its source images; returns the files written, the one asked for first. */
  exportVersion: procedure
    .input(dicomExportSchema)
    .output(z.object({ paths: z.array(z.string()).min(1) })),
  /** Volumes, and both diameters of every enhancing lesion. */
  measure: procedure
    .input(z.object({ caseId: idSchema, versionId: idSchema }))
    .output(measurementSchema),
  inspectSegmentation: procedure
    .input(z.object({ path: z.string() }))
    .output(z.object({ segments: z.array(foundSegmentSchema) })),
  /** Makes a DICOM segmentation the working labels of a case (one undoable edit). */
  importSegmentation: procedure
    .input(
      z.object({
        caseId: idSchema,
        cursor: z.int(),
        path: z.string(),
        mapping: segmentMappingSchema.optional(),
      }),
    )
    .output(editResultSchema),
}
