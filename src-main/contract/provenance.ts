import { z } from 'zod'
import { instantSchema } from './cases.ts'
import { sha256Schema } from './volume.ts'

/** A file that something was made from. A folder of slices is named by the folder and the hash of its files' hashes. */
export const provenanceSourceSchema = z.object({ path: z.string(), sha256: sha256Schema })
export type ProvenanceSource = z.infer<typeof provenanceSourceSchema>

/** How a file of the workspace came about: enough to make it again and to check that it is the same. */
export const provenanceSchema = z.object({
  objectSha256: sha256Schema,
  /** What was done, e.g. "convert NRRD to NIfTI". */
  operation: z.string().min(1).max(120),
  /** Version of Gliadesk that did it. */
  version: z.string(),
  sources: z.array(provenanceSourceSchema),
  /** Everything that decided the result, by name. */
  parameters: z.record(z.string(), z.json()),
  createdAt: instantSchema,
})
export type Provenance = z.infer<typeof provenanceSchema>
