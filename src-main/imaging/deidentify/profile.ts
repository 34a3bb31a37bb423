import { z } from 'zod'
import data from './confidentialityProfile.json' with { type: 'json' }

const rowSchema = z.strictObject({
  tag: z.string().regex(/^([0-9a-f]{4},[0-9a-f]{4}|[56]0xx,(3000|4000|xxxx)|private)$/),
  name: z.string().min(1),
  vr: z.string().length(2),
  basic: z.enum(['X', 'Z', 'D', 'U', 'Z/D', 'X/Z', 'X/D', 'X/Z/D', 'X/Z/U*']),
  retainSafePrivate: z.literal('C').optional(),
  retainUids: z.literal('K').optional(),
  retainDeviceIdentity: z.enum(['K', 'C']).optional(),
  retainInstitutionIdentity: z.literal('K').optional(),
  retainPatientCharacteristics: z.enum(['K', 'C']).optional(),
  retainFullDates: z.literal('K').optional(),
  retainModifiedDates: z.literal('C').optional(),
  cleanDescriptors: z.literal('C').optional(),
  cleanStructuredContent: z.literal('C').optional(),
  cleanGraphics: z.literal('C').optional(),
})
/** A row of PS3.15 table E.1-1: what the basic profile does with an attribute, and what each option does instead. */
export type ProfileRow = z.infer<typeof rowSchema>

const parsed = z.object({ edition: z.string(), rows: z.array(rowSchema) }).parse(data)

/** Which edition of the table this program applies. */
export const PROFILE_EDITION = parsed.edition
export const PROFILE_ROWS: readonly ProfileRow[] = parsed.rows

const BY_TAG = new Map<number, ProfileRow>()
for (const row of parsed.rows) {
  const number = Number.parseInt(row.tag.replace(',', ''), 16)
  if (/^[0-9a-f]{4},[0-9a-f]{4}$/.test(row.tag)) BY_TAG.set(number, row)
}
const named = (tag: string): ProfileRow => {
  const row = parsed.rows.find((candidate) => candidate.tag === tag)
  if (!row) throw new Error(`The confidentiality profile lacks its row ${tag}.`)
  return row
}
const CURVES = named('50xx,xxxx')
const OVERLAY_DATA = named('60xx,3000')

/**
 * The row for a tag; null where the table does not name it. Of an overlay, the table names data and comments alone: its
 * other elements mean nothing without the data and follow them.
 */
export function profileRow(tag: number): ProfileRow | null {
  const group = Math.floor(tag / 0x1_0000)
  if (group >= 0x5000 && group <= 0x50ff) return CURVES
  if (group >= 0x6000 && group <= 0x60ff) return OVERLAY_DATA
  return BY_TAG.get(tag) ?? null
}
