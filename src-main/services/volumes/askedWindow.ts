import { z } from 'zod'
import type { Sequence } from '../../contract/index.ts'
import type { Database } from '../../storage/index.ts'

const windowSchema = z.object({ center: z.number(), width: z.number() })

/**
 * The display window that the DICOM header of a case's image asks for: the values from which on all is black, and
 * white (VOI LUT function LINEAR, PS3.3 C.11.2.1.2.1). Undefined where it asks for none.
 */
export function askedWindow(
  database: Database,
  image: { readonly caseId: string; readonly sequence: Sequence; readonly objectSha256: string },
): { low: number; high: number } | undefined {
  const row = database.get<{ window: string | null }>(
    `SELECT json_extract(source_json, '$.window') AS window FROM dicom_series
     WHERE case_id = :caseId AND sequence = :sequence AND object_sha256 = :objectSha256 LIMIT 1`,
    { ...image },
  )
  if (!row?.window) return undefined
  const { center, width } = windowSchema.parse(JSON.parse(row.window))
  return { low: center - 0.5 - (width - 1) / 2, high: center - 0.5 + (width - 1) / 2 }
}
