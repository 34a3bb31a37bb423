import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackendName, JobManifest, ManifestCase, TrainingPlan } from '../../contract/index.ts'
import { readLabelmap } from '../../imaging/labelmap/index.ts'
import { openBackend } from '../backends/index.ts'
import { smallPlan, writeCase } from '../training/trainingRun.fixture.ts'
import { lossesOf, startEngine } from './engineProcess.fixture.ts'
import { nodeFiles } from './nodeFiles.ts'

// The engines below inherit it: correctness is the same on a rasteriser.
process.env.GLIADESK_WEBGPU_SOFTWARE ??= '1'
const missing = await openBackend('webgpu').then(
  () => null,
  (error: unknown) => String(error),
)
const skipped = missing === null ? '' : ` (skipped: ${missing})`

const STEPS = 3
let folder: string
let cases: ManifestCase[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-webgpu-'))
  cases = [await writeCase(nodeFiles, 1, folder)]
})
afterAll(() => rm(folder, { recursive: true }))

function plan(backend: BackendName): TrainingPlan {
  return {
    ...smallPlan({ steps: STEPS, validateEverySteps: 100 }),
    ...{ backend, sequences: ['flair'] },
    network: {
      kind: 'unet',
      channels: [4, 4],
      convolutionsPerLevel: 1,
      residual: false,
      deepSupervision: false,
    },
  }
}

function manifest(name: string, changes: Partial<JobManifest>): JobManifest {
  return {
    ...{ jobId: 'job-one', plan: plan('webgpu'), folder: join(folder, name), training: cases },
    ...{ validation: [], corrected: [], subjects: [], models: [], resumeFrom: null },
    ...changes,
  }
}

async function train(
  backend: BackendName,
): Promise<{ readonly losses: number[]; readonly weightsPath: string }> {
  const engine = startEngine(manifest(`train-${backend}`, { plan: plan(backend) }))
  expect(await engine.ended).toBe(0)
  expect(engine.messages[0]).toMatchObject({ type: 'started', device: { backend } })
  const last = engine.messages.at(-1)
  if (last?.type !== 'done' || last.result.kind !== 'model') throw new Error('no model came')
  return { losses: lossesOf(engine.messages), weightsPath: last.result.weightsPath }
}

async function predict(backend: BackendName, weightsPath: string): Promise<ArrayLike<number>> {
  const { network } = plan(backend)
  const engine = startEngine(
    manifest(`predict-${backend}`, {
      plan: {
        ...{ schema: 1, kind: 'predict', modelId: 'model-one', caseIds: ['case-1'], backend },
        inference: { stepFraction: 0.5, mirror: false, minEnhancingMl: 0 },
      },
      subjects: cases,
      models: [{ modelId: 'model-one', weightsPath, network, sequences: ['flair'] }],
    }),
  )
  expect(await engine.ended).toBe(0)
  const predicted = engine.messages.find((message) => message.type === 'predicted')
  const path = predicted!.prediction.labelPath
  return (await readLabelmap(await readFile(path), path)).labels
}

describe.skipIf(missing !== null)(`an engine process on WebGPU${skipped}`, () => {
  it('trains and predicts as one on WebAssembly does', { timeout: 120_000 }, async () => {
    const [onCard, expected] = [await train('webgpu'), await train('wasm')]
    expect(onCard.losses).toHaveLength(STEPS)
    onCard.losses.forEach((loss, i) => {
      expect(Math.abs(loss / expected.losses[i] - 1)).toBeLessThan(1e-4)
    })
    const labels = await predict('webgpu', onCard.weightsPath)
    expect(labels).toEqual(await predict('wasm', onCard.weightsPath))
    expect(new Set(Array.from(labels)).size).toBeGreaterThan(1)
  })
})
