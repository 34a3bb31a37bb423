import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LABEL_COUNT, type JobManifest, type ManifestCase } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { openBackend } from '../backends/index.ts'
import { buildUNet, readParameters } from '../networks/index.ts'
import { encodeModelFile } from '../training/index.ts'
import { recordingPorts, smallPlan, writeCase } from '../training/trainingRun.fixture.ts'
import { nodeFiles } from './nodeFiles.ts'
import { runEvaluationJob } from './runEvaluationJob.ts'

const inference = { stepFraction: 0.5, mirror: false, minEnhancingMl: 0 }
const plan = smallPlan()
let folder: string
let cases: ManifestCase[]
let members: { weightsPath: string; network: typeof plan.network }[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-fit-'))
  cases = [await writeCase(nodeFiles, 1, folder), await writeCase(nodeFiles, 2, folder)]
  await openBackend('wasm')
  members = []
  for (const seed of [8, 9]) {
    const network = buildUNet(plan.network, 2, LABEL_COUNT, randomStream(seed, 'model'))
    const weightsPath = join(folder, `model-${seed}.safetensors`)
    const weights = await readParameters(network.parameters)
    await nodeFiles.writeAndSync(weightsPath, encodeModelFile(weights, plan))
    network.dispose()
    members.push({ weightsPath, network: plan.network })
  }
})
afterAll(() => rm(folder, { recursive: true }))

async function evaluate(
  model: Partial<JobManifest['models'][number]>,
  fit: boolean,
  subjects: readonly ManifestCase[] = cases,
) {
  const evaluation = {
    schema: 1 as const,
    kind: 'evaluate' as const,
    modelIds: ['model-one'],
    datasetId: 'cohort',
    split: 'validation' as const,
    fit,
    inference,
    backend: 'wasm' as const,
  }
  const result = await runEvaluationJob(
    {
      jobId: 'job-one',
      plan: evaluation,
      folder,
      training: [],
      validation: [],
      corrected: [],
      subjects: [...subjects],
      models: [{ modelId: 'model-one', ...members[0], sequences: plan.sequences, ...model }],
      resumeFrom: null,
    },
    evaluation,
    { ...recordingPorts(nodeFiles), predicted: () => undefined },
  )
  if (result.kind !== 'evaluations') throw new Error(result.kind)
  return result.models[0]
}

describe('fitting a model on validation cases', () => {
  it.each(['one network', 'an ensemble'])(
    'never makes %s less likely or worse there',
    async (of) => {
      const { fitted, scores } = await evaluate(of === 'an ensemble' ? { members } : {}, true)
      expect(scores).toEqual([])
      expect(fitted!.cases).toBe(2)
      expect(fitted!.diceAfter).toBeGreaterThanOrEqual(fitted!.diceBefore)
      const { before, after, temperature, voxels } = fitted!.calibration
      // An untrained network is badly calibrated: there is something to gain.
      expect(after.nll).toBeLessThan(before.nll)
      expect(temperature).not.toBe(1)
      expect(voxels).toBeGreaterThan(1000)
    },
  )

  it('names the case that has no label to fit on', async () => {
    const unlabelled = { ...cases[1], label: null }
    await expect(evaluate({}, true, [unlabelled])).rejects.toThrow('Case 2 has no reference label')
  })
})

describe('an evaluation of a fitted model', () => {
  it('scores with what was fitted and, beside it, without', async () => {
    const plain = await evaluate({}, false)
    const fitted = await evaluate({ inference: { minEnhancingMl: 10, minComponentMl: 0 } }, false)
    fitted.scores.forEach((score, i) => {
      const { dice, hd95Mm, volumeErrorMl, unfitted } = plain.scores[i]
      expect(unfitted).toBeUndefined()
      expect(score.unfitted).toEqual({ dice, hd95Mm, volumeErrorMl })
      // All enhancement is below 10 ml in a case of 4 ml.
      expect(score.dice.ET).toBe(0)
      expect(score.dice.WT).toBe(dice.WT)
    })
  })
})
