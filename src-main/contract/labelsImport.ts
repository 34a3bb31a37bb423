import { z } from 'zod'
import { idSchema } from './cases.ts'

export const labelsImportRequestSchema = z.object({
  datasetId: idSchema,
  /** A folder with one segmentation a case, named as the cases are. */
  path: z.string(),
  /** A proposal waits to be read and accepted; a version counts as a label at once. */
  as: z.enum(['proposal', 'version']),
  /** Who or what drew them, as the reader sees it. */
  drawnBy: z.string().trim().min(1).max(80),
})
export type LabelsImportRequest = z.infer<typeof labelsImportRequestSchema>

export const labelsImportSchema = z.object({
  added: z.array(
    z.object({
      caseId: idSchema,
      caseName: z.string(),
      path: z.string(),
      wholeTumourMl: z.number(),
    }),
  ),
  /** Files whose name is that of no case. */
  unmatched: z.array(z.string()),
  refused: z.array(z.object({ path: z.string(), message: z.string() })),
  /** Names of cases that no file was for. */
  without: z.array(z.string()),
})
export type LabelsImport = z.infer<typeof labelsImportSchema>
