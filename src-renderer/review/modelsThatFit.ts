import { canRead, type Model, type Sequence } from '../../src-main/contract/index.ts'

/**
 * Models that can read a case: every sequence they need is there, or enough where they were trained to do without some. Champions first, and of those the one that uses
 * more of what the case has; retired ones are left out.
 */
export function modelsThatFit(
  models: readonly Model[],
  sequences: readonly Sequence[],
): readonly Model[] {
  const used = (model: Model): number =>
    model.sequences.filter((sequence) => sequences.includes(sequence)).length
  const lacked = (model: Model): number => model.sequences.length - used(model)
  const rank = { champion: 0, challenger: 1, retired: 2 } as const
  return models
    .filter((model) => model.status !== 'retired')
    .filter((model) => canRead(model, sequences))
    .sort((a, b) => rank[a.status] - rank[b.status] || used(b) - used(a) || lacked(a) - lacked(b))
}
