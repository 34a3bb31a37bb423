import { z } from 'zod'

/** Options of PS3.15 Annex E beside its basic profile, and what goes beyond the header. */
export const deidentificationOptionsSchema = z.object({
  /** Dates are emptied, moved by a keyed number of days that is the same for all of a patient, or kept. */
  dates: z.enum(['remove', 'shift', 'keep']).default('remove'),
  retainUids: z.boolean().default(false),
  retainDeviceIdentity: z.boolean().default(false),
  retainInstitutionIdentity: z.boolean().default(false),
  /** Sex, age, size, weight and the like. Ages above 89 are written as 90. */
  retainPatientCharacteristics: z.boolean().default(false),
  /** Private elements that PS3.15 table E.3.10-1 calls safe (diffusion weighting). */
  retainSafePrivate: z.boolean().default(false),
  /** Descriptions keep the words of a fixed technical vocabulary and lose all others. */
  cleanDescriptors: z.boolean().default(false),
  /** Structured reports keep codes, numbers and references; texts and names in them are replaced. */
  cleanStructuredContent: z.boolean().default(false),
  /** Graphic annotations without their texts, and overlays that are regions of interest, are kept. */
  cleanGraphics: z.boolean().default(false),
  /** NIfTI images: everything farther than a margin from the brain becomes the background. */
  deface: z.boolean().default(false),
})
export type DeidentificationOptions = z.infer<typeof deidentificationOptionsSchema>

/** What became of an element; its value is never part of any report. */
export const elementChangeSchema = z.object({
  /** "(0010,0010)", a field of a NIfTI header, or a key of a sidecar's vocabulary. */
  tag: z.string(),
  name: z.string(),
  action: z.enum(['removed', 'emptied', 'replaced', 'cleaned', 'kept']),
  count: z.int().positive(),
})
export type ElementChange = z.infer<typeof elementChangeSchema>

export const deidentifiedFileSchema = z.object({
  /** Place in the order of reading, 1 for the first: the names of the files read are not repeated. */
  number: z.int().positive(),
  kind: z.enum(['dicom', 'nifti', 'sidecar']),
  /** From the output folder on; null for a trial run. */
  output: z.string().nullable(),
  changes: z.array(elementChangeSchema),
  warnings: z.array(z.string()),
})
export type DeidentifiedFile = z.infer<typeof deidentifiedFileSchema>

export const deidentificationReportSchema = z.object({
  schema: z.literal(1),
  program: z.string(),
  profile: z.string(),
  options: deidentificationOptionsSchema,
  trial: z.boolean(),
  stopped: z.boolean(),
  files: z.array(deidentifiedFileSchema),
  /** Files that could not be used or are of no kind that can be cleaned: none of them was copied. */
  leftOut: z.array(z.object({ number: z.int().positive(), reason: z.string() })),
  totals: z.array(elementChangeSchema),
  warnings: z.array(z.object({ warning: z.string(), files: z.int().positive() })),
})
export type DeidentificationReport = z.infer<typeof deidentificationReportSchema>

export const deidentificationRequestSchema = z.object({
  /** A folder, a zip archive or a file. */
  path: z.string().min(1),
  /** A folder that is empty or does not exist yet. */
  output: z.string().min(1),
  options: deidentificationOptionsSchema,
  /** Says what would be done and writes nothing. */
  trial: z.boolean().default(false),
})
export type DeidentificationRequest = z.infer<typeof deidentificationRequestSchema>

export const deidentificationEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    done: z.int().nonnegative(),
    total: z.int().nonnegative(),
  }),
  /** For the person at the screen only: names the file. Never stored. */
  z.object({
    type: z.literal('problem'),
    path: z.string(),
    message: z.string(),
    remedy: z.string(),
  }),
  z.object({ type: z.literal('done'), report: deidentificationReportSchema }),
])
export type DeidentificationEvent = z.infer<typeof deidentificationEventSchema>
