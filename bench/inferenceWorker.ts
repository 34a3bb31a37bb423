/**
 * Predicts one case as a prediction job does, on one backend, in a process of its own, and prints one JSON record.
 *
 *     node bench/inferenceWorker.ts tensorflow|wasm '<JSON of InferencePlan>'
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ManifestCase } from '../src-main/contract/index.ts'
import { openBackend } from '../src-main/engine/backends/index.ts'
import { loadCase } from '../src-main/engine/data/index.ts'
import { predictCase } from '../src-main/engine/inference/index.ts'
import { loadModel } from '../src-main/engine/process/loadModel.ts'
import { nodeFiles } from '../src-main/engine/process/nodeFiles.ts'
import { writeLabelmap, writeNifti } from '../src-main/imaging/index.ts'
import type { InferencePlan, InferenceRecord, InferenceStages } from './inferencePlan.ts'

const [backend, planText] = process.argv.slice(2)
if (backend !== 'tensorflow' && backend !== 'wasm') throw new Error(`no backend "${backend}"`)
const plan = JSON.parse(planText) as InferencePlan
const { description } = await openBackend(backend)
const { network, sequences, window } = await loadModel(
  {
    modelId: 'bench',
    weightsPath: plan.weightsPath,
    network: plan.network,
    sequences: [...plan.sequences],
  },
  nodeFiles,
)
const subject: ManifestCase = { caseId: 'bench', name: 'bench', images: plan.images, label: null }
const labelPath = join(plan.outFolder, `${backend}_label.nii.gz`)
const read = async (path: string): Promise<Uint8Array> => new Uint8Array(await readFile(path))

async function predictOnce(): Promise<InferenceStages> {
  const started = performance.now()
  const requirements = { sequences, spacingMm: plan.network.spacingMm }
  const prepared = await loadCase(subject, requirements, read)
  const readDone = performance.now()
  let windowsDone = readDone
  const answer = await predictCase(network, prepared, window, plan.inference, {
    afterWindows: async () => {
      windowsDone = performance.now()
    },
  })
  const finished = performance.now()
  const { grid, labels, uncertainty } = answer
  await Promise.all([
    writeLabelmap({ labels, grid, convention: 'et3' }).then((bytes) => writeFile(labelPath, bytes)),
    writeNifti({ grid, voxels: uncertainty, voxelType: 'uint8', gzip: true }).then((bytes) =>
      writeFile(join(plan.outFolder, `${backend}_uncertainty.nii.gz`), bytes),
    ),
  ])
  const written = performance.now()
  return {
    read: (readDone - started) / 1000,
    windows: (windowsDone - readDone) / 1000,
    finish: (finished - windowsDone) / 1000,
    write: (written - finished) / 1000,
  }
}

await predictOnce()
const coldSeconds = (Date.now() - plan.startedAt) / 1000
const runs: InferenceStages[] = []
for (let run = 0; run < plan.repetitions; run++) runs.push(await predictOnce())
const peakMib = process.resourceUsage().maxRSS / 1024
console.log(
  JSON.stringify({ description, coldSeconds, runs, peakMib, labelPath } satisfies InferenceRecord),
)
process.exit(0)
