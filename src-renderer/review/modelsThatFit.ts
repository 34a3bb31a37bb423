import type { Model, Sequence } from '../../src-main/contract/index.ts'

/**
 * Models that can read a case: every sequence they need is there. Champions first, and of those the one that uses
 * more of what the case has; retired ones are left out.
 */
export function modelsThatFit(
  models: readonly Model[],
  sequences: readonly Sequence[],
): readonly Model[] {
  const rank = { champion: 0, challenger: 1, retired: 2 } as const
  return models
    .filter((model) => model.status !== 'retired')
    .filter((model) => model.sequences.every((needed) => sequences.includes(needed)))
    .sort((a, b) => rank[a.status] - rank[b.status] || b.sequences.length - a.sequences.length)
}
