import { GliadeskError, type TrainingPlan } from '../../contract/index.ts'

/** Patches of one batch by where they come from. */
export interface PatchCounts {
  readonly labelled: number
  readonly pool: number
}

/**
 * How many patches of a batch come from the labelled cases and how many from the pool. `added` keeps the plan's batch
 * size for the labelled ones and puts pool patches on top until their share is reached (at least one); `within` gives
 * places of the batch away, and leaves at least one to each.
 *
 * @param poolCases cases in the pool; without any there are no pool patches
 * @throws GliadeskError BAD_INPUT where a batch of one patch is to hold both kinds
 */
export function patchCounts(
  { batchSize, pool }: Pick<TrainingPlan, 'batchSize' | 'pool'>,
  poolCases: number,
): PatchCounts {
  if (!pool || poolCases === 0) return { labelled: batchSize, pool: 0 }
  const { fraction, mode } = pool
  if (mode === 'added') {
    const added = Math.round((batchSize * fraction) / (1 - fraction))
    return { labelled: batchSize, pool: Math.max(1, added) }
  }
  if (batchSize < 2) {
    throw new GliadeskError(
      'BAD_INPUT',
      'The plan’s batches have one patch, which cannot be shared by labelled and unlabelled cases.',
      'Let the unlabelled patches come on top (mode "added"), or choose batches of two or more.',
    )
  }
  const inside = Math.min(batchSize - 1, Math.max(1, Math.round(batchSize * fraction)))
  return { labelled: batchSize - inside, pool: inside }
}
