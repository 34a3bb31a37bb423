import {
  GliadeskError,
  type CaseScore,
  type EngineResult,
  type InferenceConfig,
  type EvaluationPlan,
  type JobManifest,
  type ManifestCase,
  type ManifestModel,
  type VolumeGrid,
} from '../../contract/index.ts'
import {
  createVolume,
  readLabelmap,
  sameGrid,
  scoreLabelmaps,
  toCanonical,
  voxelVolumeMl,
  type LabelmapScore,
} from '../../imaging/index.ts'
import { loadCase } from '../data/index.ts'
import { predictWithMembers } from '../inference/index.ts'
import type { TrainedNetwork } from '../training/index.ts'
import { postprocess } from '../postprocessing/index.ts'
import { fitModel } from './fitModel.ts'
import { forEachCase, type CaseProgress } from './forEachCase.ts'
import type { JobPorts } from './jobPorts.ts'
import { loadMembers } from './loadModel.ts'

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
    const members = await loadMembers(model, ports.files)
    const dispose = (): void => members.forEach(({ network }) => network.dispose())
    if (plan.fit) {
      const fitted = await fitModel(members, manifest.subjects, plan.inference, ports)
      dispose()
      models.push({ modelId: model.modelId, scores: [], fitted })
      continue
    }
    const scores: CaseScore[] = []
    await forEachCase(manifest.subjects, 'Scoring', ports, async (subject, within) => {
      scores.push(await scoreCase(members, model, subject, plan, ports, within))
    })
    dispose()
    models.push({ modelId: model.modelId, scores })
  }
  return { kind: 'evaluations', models }
}

async function scoreCase(
  members: readonly TrainedNetwork[],
  model: Pick<ManifestModel, 'inference'>,
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
  const [{ network, sequences }] = members
  const { spacingMm, acceptsMissing } = network.config
  const prepared = await loadCase(
    { ...subject, label: null },
    { sequences, mayLack: acceptsMissing ? sequences : [], spacingMm },
    files.readFile,
  )
  const untouched = { ...plan.inference, minEnhancingMl: 0, minComponentMl: 0 }
  const answer = await predictWithMembers(members, prepared, untouched, {
    afterWindows: (done, total) => within(done / total),
  })
  // The label's file may store its axes in another order than the images' do.
  const truth = inCanonicalOrder(reference)
  const predicted = inCanonicalOrder(answer)
  if (!sameGrid(truth.grid, predicted.grid)) {
    throw new GliadeskError(
      'BAD_INPUT',
      `The reference label of case ${subject.name} lies on another grid than its images (${path}).`,
      'Resample the label onto the grid of the images, then import the case again.',
    )
  }
  return {
    caseId: subject.caseId,
    caseName: subject.name,
    ...scoreWith(truth, predicted, { ...plan.inference, ...model.inference }),
    ...(model.inference ? { unfitted: scoreWith(truth, predicted, plan.inference) } : {}),
  }
}

/** The score after post-processing as an inference says; neither labelling is changed. */
function scoreWith(
  truth: Labelling,
  { labels, grid }: Labelling,
  { minEnhancingMl, minComponentMl = 0 }: InferenceConfig,
): LabelmapScore {
  const processed = labels.slice()
  postprocess(processed, grid.dims, voxelVolumeMl(grid), { minEnhancingMl, minComponentMl })
  return scoreLabelmaps(truth.labels, processed, truth.grid, 'nan')
}

interface Labelling {
  readonly labels: Uint8Array
  readonly grid: VolumeGrid
}

function inCanonicalOrder({ labels, grid }: Labelling): Labelling {
  const { volume } = toCanonical(createVolume(grid, labels))
  return { grid: volume.grid, labels: Uint8Array.from(volume.voxels) }
}
