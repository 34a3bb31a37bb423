import { createBatchSource, type BatchSource } from './batchSource.ts'
import type { BatchRequest } from './batchRequest.ts'
import { createRunCaches } from './runCaches.ts'
import type { TrainingPorts } from './trainingRun.ts'

/** The batches of a run, prepared where this is called. */
export function runBatches(
  { plan, usable, teacher, cacheBytes }: BatchRequest,
  ports: Pick<TrainingPorts, 'files'>,
): BatchSource {
  const all = [...usable.training, ...usable.corrected, ...usable.pool]
  const { training } = createRunCaches({ plan, teacher, cacheBytes }, ports, all)
  return createBatchSource(plan, usable, training)
}
