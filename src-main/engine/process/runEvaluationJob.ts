import {
  GliadeskError,
  type CaseScore,
  type EngineResult,
  type EvaluationPlan,
  type JobManifest,
  type ManifestCase,
} from '../../contract/index.ts'
import { readLabelmap, scoreLabelmaps } from '../../imaging/index.ts'
import { loadCase } from '../data/index.ts'
import { predictCase } from '../inference/index.ts'
import type { TrainedNetwork } from '../training/index.ts'
import { forEachCase, type CaseProgress } from './forEachCase.ts'
import type { JobPorts } from './jobPorts.ts'
import { loadModel } from './loadModel.ts'

/**
 * Scores every model on every case, on the case's own grid against the label as it lies on disk. A region that is
 * empty in both is left undefined, never counted as perfect. A case that cannot be read fails the whole evaluation:
 * a mean over what happened to work would not be comparable.
 */
export async function runEvaluationJob(
  manifest: JobManifest,
  plan: EvaluationPlan,
  ports: JobPorts,
): Promise<EngineResult> {
  const models = []
  for (const model of manifest.models) {
    const trained = await loadModel(model, ports.files)
    const scores: CaseScore[] = []
    await forEachCase(manifest.subjects, 'Scoring', ports, async (subject, within) => {
      scores.push(await scoreCase(trained, subject, plan, ports, within))
    })
    trained.network.dispose()
    models.push({ modelId: model.modelId, scores })
  }
  return { kind: 'evaluations', models }
}

async function scoreCase(
  { network, sequences, window }: TrainedNetwork,
  subject: ManifestCase,
  plan: EvaluationPlan,
  { files }: JobPorts,
  within: CaseProgress,
): Promise<CaseScore> {
  if (subject.label === null) {
    throw new GliadeskError(
      'BAD_INPUT',
      `Case ${subject.name} has no reference label to score against.`,
      'Save a version of it, or choose a split whose cases are labelled.',
    )
  }
  const { path, convention } = subject.label
  const reference = await readLabelmap(await files.readFile(path), path, convention)
  const { spacingMm } = network.config
  const prepared = await loadCase(
    { ...subject, label: null },
    { sequences, spacingMm },
    files.readFile,
  )
  const answer = await predictCase(network, prepared, window, plan.inference, {
    afterWindows: (done, total) => within(done / total),
  })
  return {
    caseId: subject.caseId,
    caseName: subject.name,
    ...scoreLabelmaps(reference.labels, answer.labels, reference.grid, 'nan'),
  }
}
