import { z } from 'zod'
import { idSchema, instantSchema } from './cases.ts'
import { volumeRefSchema } from './volume.ts'

/**
 * A labelmap edit travels as base64 of the run-length encoding in `imaging/labelmap/delta.ts`:
 * it names the value before and after every run, so it can be undone, checked and merged.
 */
export const deltaBase64Schema = z.base64().max(64 * 1024 * 1024)

/** One undo step of a case's edit history. */
export const editEntrySchema = z.object({
  sequence: z.int().positive(),
  /** What the reader sees in the history, e.g. "Brush ET" or "Accept proposal (ED)". */
  title: z.string().min(1).max(120),
  at: instantSchema,
  changedVoxels: z.int().nonnegative(),
  undone: z.boolean(),
})
export type EditEntry = z.infer<typeof editEntrySchema>

/** What a crash left behind and what became of it. */
export const recoverySchema = z.object({
  strokes: z.int().nonnegative(),
  droppedBytes: z.int().nonnegative(),
})
export type Recovery = z.infer<typeof recoverySchema>

/** By how many edits the labelmap differs from the last saved version; 0 means that there is nothing to save. */
const unsavedEditsSchema = z.int().nonnegative().optional()

/** The state of the labelmap that a reader is working on. */
export const labelSessionSchema = z.object({
  caseId: idSchema,
  /** Raw canonical labels (uint8), base version plus every edit that is not undone. */
  volume: volumeRefSchema,
  baseVersionId: idSchema.nullable(),
  /** Count of journal records so far; the next append must name it, so that a stale window cannot overwrite. */
  cursor: z.int().nonnegative(),
  history: z.array(editEntrySchema),
  unsavedEdits: unsavedEditsSchema,
  recovered: recoverySchema.nullable(),
})
export type LabelSession = z.infer<typeof labelSessionSchema>

/** The answer to every edit: the delta that was applied (empty for a plain append) and the new history. */
export const editResultSchema = z.object({
  cursor: z.int().nonnegative(),
  appliedDelta: deltaBase64Schema.nullable(),
  history: z.array(editEntrySchema),
  unsavedEdits: unsavedEditsSchema,
})
export type EditResult = z.infer<typeof editResultSchema>

/** Which part of a proposal is meant. `voxel` is a flat index into the case grid, its connected component is taken. */
export const proposalScopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('label'), label: z.int().min(1).max(3) }),
  z.object({ kind: z.literal('component'), voxel: z.int().nonnegative() }),
])
export type ProposalScope = z.infer<typeof proposalScopeSchema>
