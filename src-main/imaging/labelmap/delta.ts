import { LABEL_COUNT } from '../../contract/anatomy.ts'
import { GliadeskError } from '../../contract/errors.ts'

/** Neighbouring voxels (in flat index order) that all changed from one label to another. */
export interface DeltaRun {
  readonly start: number
  readonly length: number
  readonly before: number
  readonly after: number
}

/** A labelmap edit: sorted runs that do not overlap, on a labelmap of `voxelCount` voxels. */
export interface LabelDelta {
  readonly voxelCount: number
  readonly runs: readonly DeltaRun[]
}

/**
 * The edit that turns one labelmap into another. Runs are as long as they can be, so equal edits have equal deltas.
 *
 * @throws RangeError where the lengths differ or a label is not canonical (0–3)
 */
export function diffLabels(before: Uint8Array, after: Uint8Array): LabelDelta {
  if (before.length !== after.length) {
    throw new RangeError(
      `Labelmaps of ${before.length} and ${after.length} voxels have no difference`,
    )
  }
  const runs: DeltaRun[] = []
  const count = before.length
  let i = 0
  while (i < count) {
    if (before[i] === after[i]) {
      i++
      continue
    }
    const from = before[i]
    const to = after[i]
    if (from >= LABEL_COUNT || to >= LABEL_COUNT) {
      throw new RangeError(`Voxel ${i} changes from ${from} to ${to}; labels are 0 to 3`)
    }
    const start = i
    while (i < count && before[i] === from && after[i] === to) i++
    runs.push({ start, length: i - start, before: from, after: to })
  }
  return { voxelCount: count, runs }
}

/**
 * Applies an edit in place. Every voxel is checked against the run's `before` first.
 *
 * @throws GliadeskError STALE_EDIT where the labelmap is not the one the edit was made on; nothing is changed then
 */
export function applyDelta(labels: Uint8Array, delta: LabelDelta): void {
  if (labels.length !== delta.voxelCount) throw staleEdit()
  for (const run of delta.runs) {
    const end = run.start + run.length
    for (let i = run.start; i < end; i++) if (labels[i] !== run.before) throw staleEdit()
  }
  for (const run of delta.runs) labels.fill(run.after, run.start, run.start + run.length)
}

/** The edit that undoes an edit. */
export function invertDelta(delta: LabelDelta): LabelDelta {
  const runs = delta.runs.map(({ start, length, before, after }) => ({
    start,
    length,
    before: after,
    after: before,
  }))
  return { voxelCount: delta.voxelCount, runs }
}

/** Number of voxels an edit changes. */
export function deltaVoxelCount(delta: LabelDelta): number {
  return delta.runs.reduce((sum, run) => sum + run.length, 0)
}

function staleEdit(): GliadeskError {
  return new GliadeskError(
    'STALE_EDIT',
    'The labelmap has changed since this edit was made, so the edit was not applied.',
    'Reload the case and repeat the edit.',
  )
}
