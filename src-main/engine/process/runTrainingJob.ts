import type { EngineResult, JobManifest, TrainingPlan } from '../../contract/index.ts'
import { runTraining, type TrainingOutcome } from '../training/index.ts'
import type { JobPorts } from './jobPorts.ts'
import { startBatches } from './startBatches.ts'
import { startPeers } from './startPeers.ts'
import { loadTrainingInputs } from './trainingInputs.ts'

/** Trains, distils or fine-tunes as the manifest says, with the help of other processes where the plan asks for them. */
export async function runTrainingJob(
  manifest: JobManifest,
  plan: TrainingPlan,
  ports: JobPorts,
): Promise<EngineResult | Exclude<TrainingOutcome, { kind: 'done' }>> {
  const inputs = await loadTrainingInputs(manifest, plan, ports, manifest.resumeFrom)
  try {
    const outcome = await runTraining(inputs, {
      ...ports,
      startBatches,
      startPeers: (checkpoint, values) =>
        startPeers(manifest, plan.processes, ports, checkpoint, values),
    })
    if (outcome.kind !== 'done') return outcome
    return {
      kind: 'model',
      weightsPath: outcome.weightsPath,
      parameterCount: outcome.parameterCount,
      validationDice: outcome.best?.dice ?? null,
    }
  } finally {
    inputs.teacher?.network.dispose()
  }
}
