import { totalmem } from 'node:os'
import {
  GliadeskError,
  type EngineResult,
  type JobManifest,
  type ManifestModel,
  type TrainingPlan,
} from '../../contract/index.ts'
import { decodeCheckpoint } from '../checkpoint/index.ts'
import { runTraining, type TrainingOutcome } from '../training/index.ts'
import type { JobPorts } from './jobPorts.ts'
import { loadModel, readModelFile } from './loadModel.ts'

/** Share of the machine's memory that prepared cases may take. */
const CACHE_SHARE = 0.2

/** Trains, distils or fine-tunes as the manifest says. */
export async function runTrainingJob(
  manifest: JobManifest,
  plan: TrainingPlan,
  ports: JobPorts,
): Promise<EngineResult | Exclude<TrainingOutcome, { kind: 'done' }>> {
  const { files } = ports
  const modelOf = (modelId: string): ManifestModel => {
    const model = manifest.models.find((one) => one.modelId === modelId)
    if (model !== undefined) return model
    throw new GliadeskError(
      'NOT_FOUND',
      `The plan names the model ${modelId}, which the manifest does not bring.`,
      'Start the job again from the page or the command line.',
    )
  }
  const { teacherModelId, initialModelId } = plan
  const teacher = teacherModelId === null ? null : await loadModel(modelOf(teacherModelId), files)
  try {
    const { resumeFrom } = manifest
    const outcome = await runTraining(
      {
        plan,
        training: manifest.training,
        validation: manifest.validation,
        corrected: manifest.corrected,
        teacher,
        initialWeights:
          initialModelId === null
            ? null
            : (await readModelFile(modelOf(initialModelId), files)).weights,
        resumeFrom:
          resumeFrom === null
            ? null
            : decodeCheckpoint(await files.readFile(resumeFrom), resumeFrom),
        folder: manifest.folder,
        cacheBytes: totalmem() * CACHE_SHARE,
      },
      ports,
    )
    if (outcome.kind !== 'done') return outcome
    return {
      kind: 'model',
      weightsPath: outcome.weightsPath,
      parameterCount: outcome.parameterCount,
      validationDice: outcome.best?.dice ?? null,
    }
  } finally {
    teacher?.network.dispose()
  }
}
