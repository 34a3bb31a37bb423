import { canRead, type CaseSummary } from '../../../src-main/contract/index.ts'

/** A network, or what a student will be, as far as it decides which cases it can read. */
export type CaseReader = Parameters<typeof canRead>[0]

/**
 * How many cases each data set could lend to a pool: of the training split, readable by teacher and student, and not learned from
 * with their label (which those of the labelled data set are). As the program itself counts when the run starts.
 */
export function poolSizes(
  cases: readonly Pick<CaseSummary, 'datasetId' | 'split' | 'sequences' | 'versionCount'>[],
  labelledDatasetId: string | undefined,
  readers: readonly CaseReader[],
): Map<string, number> {
  const sizes = new Map<string, number>()
  for (const found of cases) {
    const isLearnedFrom = found.datasetId === labelledDatasetId && found.versionCount > 0
    const isComplete = readers.every((reader) => canRead(reader, found.sequences))
    if (found.split !== 'train' || isLearnedFrom || !isComplete) continue
    sizes.set(found.datasetId, (sizes.get(found.datasetId) ?? 0) + 1)
  }
  return sizes
}
