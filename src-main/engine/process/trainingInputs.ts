import { totalmem } from 'node:os'
import {
  GliadeskError,
  type JobManifest,
  type ManifestModel,
  type TrainingPlan,
} from '../../contract/index.ts'
import { decodeCheckpoint } from '../checkpoint/index.ts'
import type { TrainingInputs } from '../training/index.ts'
import type { JobPorts } from './jobPorts.ts'
import { loadModel, readModelFile } from './loadModel.ts'

/** Share of the machine's memory that prepared cases may take. */
const CACHE_SHARE = 0.2

/**
 * Loads what a training run works on. The caller disposes the teacher's network.
 *
 * @param resumeFrom path of a checkpoint, or null
 * @throws GliadeskError NOT_FOUND, BAD_FILE
 */
export async function loadTrainingInputs(
  manifest: JobManifest,
  plan: TrainingPlan,
  { files }: Pick<JobPorts, 'files'>,
  resumeFrom: string | null,
): Promise<TrainingInputs> {
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
    const initial =
      initialModelId === null ? null : await readModelFile(modelOf(initialModelId), files)
    return {
      plan,
      training: manifest.training,
      validation: manifest.validation,
      corrected: manifest.corrected,
      pool: manifest.pool,
      teacher,
      initialWeights: initial?.weights ?? null,
      resumeFrom:
        resumeFrom === null ? null : decodeCheckpoint(await files.readFile(resumeFrom), resumeFrom),
      folder: manifest.folder,
      cacheBytes: (totalmem() * CACHE_SHARE) / plan.processes,
    }
  } catch (error) {
    teacher?.network.dispose()
    throw error
  }
}
