import type { ManifestCase, Sequence } from '../../contract/index.ts'
import { createCaseCache, loadCase, type CaseCache } from '../data/index.ts'
import type { BatchRequest } from './batchRequest.ts'
import { sequencesToRead, type TrainingPorts } from './trainingRun.ts'

/** Share of the memory for cases that goes to training; the rest holds validation cases. */
const TRAINING_CACHE_SHARE = 0.75

/** The prepared cases of a run, read when first asked for. */
export function createRunCaches(
  inputs: Pick<BatchRequest, 'plan' | 'teacher' | 'cacheBytes'>,
  ports: Pick<TrainingPorts, 'files'>,
  all: readonly ManifestCase[],
): { training: CaseCache; validation: CaseCache } {
  const { plan, teacher, cacheBytes } = inputs
  const byId = new Map(all.map((item) => [item.caseId, item]))
  const own = plan.network.acceptsMissing ? plan.sequences : []
  const taught = teacher?.network.config.acceptsMissing
    ? teacher.sequences.filter((sequence) => !plan.sequences.includes(sequence))
    : []
  const reader = (
    sequences: readonly Sequence[],
    mayLack: readonly Sequence[],
    budget: number,
  ): CaseCache =>
    createCaseCache(async (caseId) => {
      const source = byId.get(caseId)
      if (!source) throw new RangeError(`case ${caseId} is not part of this run`)
      const requirements = { sequences, mayLack, spacingMm: plan.network.spacingMm }
      return loadCase(source, requirements, ports.files.readFile)
    }, budget)
  return {
    training: reader(
      sequencesToRead(plan, teacher),
      [...own, ...taught],
      cacheBytes * TRAINING_CACHE_SHARE,
    ),
    validation: reader(plan.sequences, own, cacheBytes * (1 - TRAINING_CACHE_SHARE)),
  }
}
