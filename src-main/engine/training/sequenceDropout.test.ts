import { beforeAll, describe, expect, it } from 'vitest'
import { LABEL_COUNT, type ManifestCase, type TrainingPlan } from '../../contract/index.ts'
import { readNifti, writeNifti } from '../../imaging/nifti/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { openBackend } from '../backends/index.ts'
import { loadCase } from '../data/index.ts'
import { mostProbableLabels, predictLogits } from '../inference/index.ts'
import { assignParameters, buildUNet } from '../networks/index.ts'
import { DEFAULT_INFERENCE } from '../planning/index.ts'
import { decodeModelFile } from './modelFile.ts'
import { runTraining } from './runTraining.ts'
import {
  inputsFor,
  memoryFiles,
  recordingPorts,
  smallPlan,
  writeCase,
} from './trainingRun.fixture.ts'

const files = memoryFiles()
let subject: ManifestCase

beforeAll(async () => {
  await openBackend('wasm')
  subject = await writeCase(files, 1)
  // FLAIR shows little through its noise, so a network that always has T1ce has no reason to learn from it.
  const path = subject.images.flair!
  const { volume } = await readNifti(await files.readFile(path), path)
  const noise = randomStream(4, 'noise')
  const voxels = Float32Array.from(volume.voxels, (value) => value + 1.2 * noise.normal())
  const bytes = await writeNifti({ grid: volume.grid, voxels, voxelType: 'float32', gzip: false })
  await files.writeAndSync(path, bytes)
})

const planWith = (sequenceDropout: number): TrainingPlan =>
  smallPlan({
    network: { ...smallPlan().network, acceptsMissing: true },
    sequenceDropout,
    steps: 90,
    validateEverySteps: 90,
    augmentation: { mirror: false, intensity: false, spatial: false },
  })

/** Share of tumour voxels found (of any class) without T1ce, after learning one case by heart. */
async function foundWithoutT1ce(plan: TrainingPlan): Promise<number> {
  const outcome = await runTraining(inputsFor(plan, [subject]), recordingPorts(files))
  if (outcome.kind !== 'done') throw new Error('the run did not end')
  const bytes = files.contents.get(outcome.weightsPath)!
  const network = buildUNet(plan.network, plan.sequences.length, LABEL_COUNT, randomStream(0))
  const { weights } = decodeModelFile(bytes, outcome.weightsPath, plan.network)
  assignParameters(network.parameters, weights, 'the run')
  const needs = { sequences: plan.sequences, mayLack: plan.sequences, spacingMm: undefined }
  const lacking = { ...subject, images: { flair: subject.images.flair } }
  const prepared = await loadCase(lacking, needs, files.readFile)
  expect(prepared.absent).toEqual(['t1ce'])
  expect(prepared.channels[1].every((value) => value === 0)).toBe(true)
  const logits = await predictLogits(network, prepared, [16, 16, 16], DEFAULT_INFERENCE, {
    afterWindows: async () => undefined,
  })
  network.dispose()
  const predicted = mostProbableLabels(logits)
  const truth = prepared.labels!
  const agreed = predicted.reduce((sum, label, i) => sum + (label === truth[i] ? 1 : 0), 0)
  return agreed / truth.length
}

describe('a network trained with sequence dropout', () => {
  it('segments without a sequence that it was trained with, better than one trained without', async () => {
    const [trained, untrained] = [
      await foundWithoutT1ce(planWith(0.4)),
      await foundWithoutT1ce(planWith(0)),
    ]
    expect(trained).toBeGreaterThan(0.93)
    expect(trained).toBeGreaterThan(untrained + 0.03)
  })

  it('learns from a case that lacks a sequence, and is not given one by a network that needs all', async () => {
    const lacking = { ...subject, images: { flair: subject.images.flair } }
    const plan = { ...planWith(0.4), steps: 2, validateEverySteps: 2 }
    const ports = recordingPorts(files)
    await runTraining(inputsFor(plan, [lacking], { validation: [lacking] }), ports)
    expect(ports.losses.every(Number.isFinite)).toBe(true)
    const strict = { ...plan, network: smallPlan().network }
    await expect(runTraining(inputsFor(strict, [lacking]), recordingPorts(files))).rejects.toThrow(
      'has no T1ce',
    )
  })

  it('cannot read a case without any of its sequences', async () => {
    const nothing = { ...subject, images: { t2: subject.images.t2 } }
    const plan = { ...planWith(0.4), steps: 1, validateEverySteps: 1 }
    await expect(runTraining(inputsFor(plan, [nothing]), recordingPorts(files))).rejects.toThrow(
      'has no FLAIR',
    )
  })
})
