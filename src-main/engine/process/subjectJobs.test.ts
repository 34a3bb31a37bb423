import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  LABEL_COUNT,
  type CaseScore,
  type JobManifest,
  type ManifestCase,
  type ManifestModel,
} from '../../contract/index.ts'
import { createGrid } from '../../imaging/geometry/index.ts'
import { readLabelmap, writeLabelmap } from '../../imaging/labelmap/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { openBackend } from '../backends/index.ts'
import { buildUNet, readParameters } from '../networks/index.ts'
import { encodeModelFile } from '../training/index.ts'
import { smallPlan, writeCase } from '../training/trainingRun.fixture.ts'
import { startEngine } from './engineProcess.fixture.ts'
import { nodeFiles } from './nodeFiles.ts'

const inference = { stepFraction: 0.5, mirror: false, minEnhancingMl: 0 }
const plan = smallPlan()

let folder: string
let cases: ManifestCase[]
let model: ManifestModel

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-subjects-'))
  cases = [await writeCase(nodeFiles, 1, folder), await writeCase(nodeFiles, 2, folder)]
  await openBackend('wasm')
  // Untrained weights answer with a mixture of all classes: every score is defined and none is perfect.
  const network = buildUNet(plan.network, 2, LABEL_COUNT, randomStream(8, 'model'))
  const weightsPath = join(folder, 'model.safetensors')
  const weights = await readParameters(network.parameters)
  await nodeFiles.writeAndSync(weightsPath, encodeModelFile(weights, plan))
  network.dispose()
  model = {
    modelId: 'model-one',
    weightsPath,
    network: plan.network,
    sequences: plan.sequences,
  }
})
afterAll(() => rm(folder, { recursive: true }))

const manifest = (
  name: string,
  kind: 'predict' | 'evaluate',
  subjects: ManifestCase[],
): JobManifest => ({
  jobId: 'job-one',
  plan:
    kind === 'predict'
      ? {
          schema: 1,
          kind,
          modelId: 'model-one',
          caseIds: subjects.map(({ caseId }) => caseId),
          inference,
          backend: 'wasm',
        }
      : {
          schema: 1,
          kind,
          modelIds: ['model-one'],
          datasetId: 'cohort',
          split: 'test',
          inference,
          backend: 'wasm',
        },
  folder: join(folder, name),
  training: [],
  validation: [],
  corrected: [],
  subjects,
  models: [model],
  resumeFrom: null,
})

/** A case whose folder lost a sequence that the model needs. */
const withoutT1ce = (subject: ManifestCase): ManifestCase => ({
  ...subject,
  images: { flair: subject.images.flair },
})

async function evaluate(name: string, subjects: ManifestCase[]): Promise<CaseScore[]> {
  const engine = startEngine(manifest(name, 'evaluate', subjects))
  expect(await engine.ended).toBe(0)
  const last = engine.messages.at(-1)
  if (last?.type !== 'done' || last.result.kind !== 'evaluations') {
    throw new Error(`the evaluation ended as ${JSON.stringify(last)}`)
  }
  return [...last.result.models[0].scores]
}

async function predict(name: string, subjects: ManifestCase[]) {
  const engine = startEngine(manifest(name, 'predict', subjects))
  expect(await engine.ended).toBe(0)
  const predictions = engine.messages.flatMap((m) => (m.type === 'predicted' ? [m.prediction] : []))
  const warnings = engine.messages.flatMap((m) =>
    m.type === 'event' && m.event.type === 'log' ? [m.event.message] : [],
  )
  return { predictions, warnings, last: engine.messages.at(-1) }
}

const labelsAt = async (path: string): Promise<Uint8Array> =>
  (await readLabelmap(await readFile(path), path, 'et3')).labels

describe('an engine that goes through cases', { timeout: 120_000 }, () => {
  it('scores each with the Dice of the very labels it predicts', async () => {
    const { predictions, last } = await predict('both', cases)
    expect(last).toMatchObject({ type: 'done', result: { kind: 'predictions' } })
    expect(predictions.map(({ caseId }) => caseId)).toEqual(['case-1', 'case-2'])
    const scores = await evaluate('scored', cases)
    for (const [i, { labelPath }] of predictions.entries()) {
      const predicted = await labelsAt(labelPath)
      const { path, convention } = cases[i].label!
      const { labels: reference } = await readLabelmap(await readFile(path), path, convention)
      const size = (labels: Uint8Array): number => labels.filter((label) => label !== 0).length
      const both = predicted.filter((label, voxel) => label !== 0 && reference[voxel] !== 0).length
      const dice = (2 * both) / (size(predicted) + size(reference))
      expect(dice).toBeGreaterThan(0)
      expect(dice).toBeLessThan(1)
      expect(scores[i].dice.WT).toBeCloseTo(dice, 12)
      expect(scores[i].volumeErrorMl.WT).toBeCloseTo((size(predicted) - size(reference)) / 1000, 9)
    }
  })

  it('predicts the same alone and in company', async () => {
    const alone = await predict('alone', [cases[1]])
    const company = await predict('company', cases)
    expect(await labelsAt(alone.predictions[0].labelPath)).toEqual(
      await labelsAt(company.predictions[1].labelPath),
    )
  })

  it('goes on past a case that lacks a sequence, saying which and what to do', async () => {
    const { predictions, warnings, last } = await predict('partly', [
      withoutT1ce(cases[0]),
      cases[1],
    ])
    expect(predictions.map(({ caseId }) => caseId)).toEqual(['case-2'])
    expect(last?.type).toBe('done')
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/^Case Case 1 has no .*T1.*, which this model needs\. Choose/)
  })

  it.each(['predict', 'evaluate'] as const)(
    'fails with a remedy where no case has the sequences: %s',
    async (kind) => {
      const job = manifest(`lacking-${kind}`, kind, [withoutT1ce(cases[0])])
      const engine = startEngine(job)
      expect(await engine.ended).toBe(0)
      expect(engine.messages.at(-1)).toEqual({
        type: 'failed',
        error: {
          code: 'BAD_INPUT',
          message: expect.stringContaining('Case 1 has no'),
          remedy: 'Choose a model for the sequences this case has, or add the missing sequence.',
        },
      })
    },
  )

  it('scores alike whichever way the reference’s file stores its axes', async () => {
    const { path, convention } = cases[0].label!
    const { labels } = await readLabelmap(await readFile(path), path, convention)
    const n = 16
    // The same label stored right to left.
    const mirrored = labels.map((_, i) => labels[i - (i % n) + (n - 1 - (i % n))])
    const grid = createGrid([n, n, n], [-1, 0, 0, n - 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
    const stored = join(folder, 'mirrored.nii.gz')
    await nodeFiles.writeAndSync(
      stored,
      await writeLabelmap({ labels: mirrored, grid, convention }),
    )
    const other = { ...cases[0], label: { path: stored, convention } }
    expect(await evaluate('mirrored', [other])).toEqual(await evaluate('straight', [cases[0]]))
  })

  it('stops between cases when it is cancelled', async () => {
    const engine = startEngine(manifest('stopped', 'predict', cases), (message, say) => {
      if (message.type === 'started') say({ type: 'cancel' })
    })
    expect(await engine.ended).toBe(0)
    expect(engine.messages.some(({ type }) => type === 'done' || type === 'failed')).toBe(false)
  })
})
