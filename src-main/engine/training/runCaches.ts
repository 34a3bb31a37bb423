import type { ManifestCase } from '../../contract/index.ts'
import { createCaseCache, loadCase, type CaseCache } from '../data/index.ts'
import { sequencesToRead, type TrainingInputs, type TrainingPorts } from './trainingRun.ts'

/** Share of the memory for cases that goes to training; the rest holds validation cases. */
const TRAINING_CACHE_SHARE = 0.75

/** The prepared cases of a run, read when first asked for. */
export function createRunCaches(
  inputs: TrainingInputs,
  ports: Pick<TrainingPorts, 'files'>,
  all: readonly ManifestCase[],
): { training: CaseCache; validation: CaseCache } {
  const { plan, teacher, cacheBytes } = inputs
  const byId = new Map(all.map((item) => [item.caseId, item]))
  const reader = (sequences: TrainingInputs['plan']['sequences'], budget: number): CaseCache =>
    createCaseCache(async (caseId) => {
      const source = byId.get(caseId)
      if (!source) throw new RangeError(`case ${caseId} is not part of this run`)
      const requirements = { sequences, spacingMm: plan.network.spacingMm }
      return loadCase(source, requirements, ports.files.readFile)
    }, budget)
  return {
    training: reader(sequencesToRead(plan, teacher), cacheBytes * TRAINING_CACHE_SHARE),
    validation: reader(plan.sequences, cacheBytes * (1 - TRAINING_CACHE_SHARE)),
  }
}
