import {
  GliadeskError,
  type EngineResult,
  type JobManifest,
  type PredictedCase,
  type PredictionPlan,
} from '../../contract/index.ts'
import { writeLabelmap, writeNifti } from '../../imaging/index.ts'
import { writeFileAtomically } from '../checkpoint/index.ts'
import { loadCase } from '../data/index.ts'
import { predictWithMembers, type CasePrediction } from '../inference/index.ts'
import { forEachCase } from './forEachCase.ts'
import { JobStopped, type JobPorts } from './jobPorts.ts'
import { loadMembers } from './loadModel.ts'

/**
 * Segments every case of the manifest. One that cannot be read is said in the log and the rest goes on.
 *
 * @throws GliadeskError of the last case when none could be segmented
 */
export async function runPredictionJob(
  manifest: JobManifest,
  plan: PredictionPlan,
  ports: JobPorts,
): Promise<EngineResult> {
  const { files } = ports
  const members = await loadMembers(manifest.models[0], files)
  const [{ network, sequences }] = members
  const { spacingMm, acceptsMissing } = network.config
  const needs = { sequences, mayLack: acceptsMissing ? sequences : [], spacingMm }
  const predicted: PredictedCase[] = []
  let lastFailure: GliadeskError | null = null
  await forEachCase(manifest.subjects, 'Segmenting', ports, async (subject, within) => {
    try {
      const unlabelled = { ...subject, label: null }
      const prepared = await loadCase(unlabelled, needs, files.readFile)
      const answer = await predictWithMembers(members, prepared, plan.inference, {
        afterWindows: (done, total) => within(done / total),
      })
      const prediction = await writePrediction(manifest.folder, subject.caseId, answer, ports)
      predicted.push(prediction)
      ports.predicted(prediction)
    } catch (error) {
      if (error instanceof JobStopped || !(error instanceof GliadeskError)) throw error
      if (error.code === 'DISK_FULL' || error.code === 'READ_ONLY') throw error
      lastFailure = error
      ports.emit({ type: 'log', level: 'warning', message: `${error.message} ${error.remedy}` })
    }
  })
  for (const member of members) member.network.dispose()
  if (predicted.length === 0 && lastFailure !== null) throw lastFailure
  return { kind: 'predictions', cases: predicted }
}

async function writePrediction(
  folder: string,
  caseId: string,
  answer: CasePrediction,
  { files }: JobPorts,
): Promise<PredictedCase> {
  const { grid, labels, uncertainty, uncertaintyScore } = answer
  const labelPath = `${folder}/${caseId}_label.nii.gz`
  const uncertaintyPath = `${folder}/${caseId}_uncertainty.nii.gz`
  // Compression runs in threads of its own: the two files take hardly longer than one.
  await Promise.all([
    writeLabelmap({ labels, grid, convention: 'et3' }).then((bytes) =>
      writeFileAtomically(files, labelPath, bytes),
    ),
    writeNifti({ grid, voxels: uncertainty, voxelType: 'uint8', gzip: true }).then((bytes) =>
      writeFileAtomically(files, uncertaintyPath, bytes),
    ),
  ])
  return { caseId, labelPath, uncertaintyPath, uncertaintyScore }
}
