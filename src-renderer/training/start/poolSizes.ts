import type { CaseSummary, Sequence } from '../../../src-main/contract/index.ts'

/**
 * How many cases each data set could lend to a pool: of the training split, with every sequence, and not learned from
 * with their label (which those of the labelled data set are). As the program itself counts when the run starts.
 */
export function poolSizes(
  cases: readonly Pick<CaseSummary, 'datasetId' | 'split' | 'sequences' | 'versionCount'>[],
  labelledDatasetId: string | undefined,
  sequences: readonly Sequence[],
): Map<string, number> {
  const sizes = new Map<string, number>()
  for (const found of cases) {
    const isLearnedFrom = found.datasetId === labelledDatasetId && found.versionCount > 0
    const isComplete = sequences.every((sequence) => found.sequences.includes(sequence))
    if (found.split !== 'train' || isLearnedFrom || !isComplete) continue
    sizes.set(found.datasetId, (sizes.get(found.datasetId) ?? 0) + 1)
  }
  return sizes
}
