import { z } from 'zod'
import { GliadeskError, idSchema, instantSchema, sha256Schema } from '../../contract/index.ts'

/**
 * What one journal record says (docs/storage.md). `base` opens a journal; `edit` carries a delta; `undo` and
 * `redo` move along the history; `saved` notes that the state so far became a version.
 */
const recordSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('base'),
    caseId: idSchema,
    versionId: idSchema.nullable(),
    objectSha256: sha256Schema.nullable(),
    voxelCount: z.int().positive(),
    /** Where the cursor stands before the first edit of this journal. */
    cursor: z.int().nonnegative(),
    at: instantSchema,
  }),
  z.object({
    kind: z.literal('edit'),
    title: z.string(),
    changedVoxels: z.int().nonnegative(),
    at: instantSchema,
  }),
  z.object({ kind: z.literal('undo'), at: instantSchema }),
  z.object({ kind: z.literal('redo'), at: instantSchema }),
  z.object({ kind: z.literal('saved'), versionId: idSchema, at: instantSchema }),
])
export type LabelRecord = z.infer<typeof recordSchema>
export type BaseRecord = Extract<LabelRecord, { kind: 'base' }>

/** `length of the JSON (uint32, little-endian) | JSON | encoded delta of an edit`. */
export function encodeLabelRecord(record: LabelRecord, delta = new Uint8Array()): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(record))
  const bytes = new Uint8Array(4 + json.length + delta.length)
  new DataView(bytes.buffer).setUint32(0, json.length, true)
  bytes.set(json, 4)
  bytes.set(delta, 4 + json.length)
  return bytes
}

/** @throws GliadeskError BAD_FILE for bytes that `encodeLabelRecord` did not write */
export function decodeLabelRecord(bytes: Uint8Array): { record: LabelRecord; delta: Uint8Array } {
  try {
    const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
    const json = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(4, end))
    return { record: recordSchema.parse(JSON.parse(json)), delta: bytes.slice(end) }
  } catch (cause) {
    throw new GliadeskError(
      'BAD_FILE',
      'The edit journal of this case holds a record that this program does not know.',
      'Open the workspace with the Gliadesk version that last wrote it.',
      { cause },
    )
  }
}
