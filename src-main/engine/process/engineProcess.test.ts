import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JobManifest, ManifestCase } from '../../contract/index.ts'
import { readLabelmap } from '../../imaging/labelmap/index.ts'
import { smallPlan, writeCase } from '../training/trainingRun.fixture.ts'
import { lossesOf, startEngine } from './engineProcess.fixture.ts'
import { nodeFiles } from './nodeFiles.ts'

let folder: string
let cases: ManifestCase[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-engine-'))
  cases = [await writeCase(nodeFiles, 1, folder), await writeCase(nodeFiles, 2, folder)]
})
afterAll(() => rm(folder, { recursive: true }))

/** Many enough that a request reaches the engine long before the last one, however busy the machine is. */
const STEPS = 20

const manifest = (name: string, changes: Partial<JobManifest> = {}): JobManifest => ({
  jobId: 'job-one',
  plan: smallPlan({ steps: STEPS, validateEverySteps: 10, checkpointEverySteps: 2 }),
  folder: join(folder, name),
  training: cases,
  validation: [cases[1]],
  corrected: [],
  subjects: [],
  models: [],
  resumeFrom: null,
  ...changes,
})

const weightsOf = (name: string): Promise<Buffer> =>
  readFile(join(folder, name, 'weights.safetensors'))

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

describe('an engine process', { timeout: 120_000 }, () => {
  it('trains, validates, and hands over a model that another process predicts and scores with', async () => {
    const training = startEngine(manifest('train'))
    expect(await training.ended).toBe(0)
    expect(training.messages[0]).toMatchObject({ type: 'started', device: { backend: 'wasm' } })
    const last = training.messages.at(-1)
    expect(last).toMatchObject({ type: 'done', result: { kind: 'model' } })
    if (last?.type !== 'done' || last.result.kind !== 'model') return
    const { network, sequences } = smallPlan()
    const model = { modelId: 'model-one', weightsPath: last.result.weightsPath, network, sequences }
    const inference = { stepFraction: 0.5, mirror: false, minEnhancingMl: 0 }

    const prediction = startEngine(
      manifest('predict', {
        plan: {
          schema: 1,
          kind: 'predict',
          modelId: 'model-one',
          caseIds: ['case-1'],
          inference,
          backend: 'wasm',
        },
        subjects: [cases[0]],
        models: [model],
      }),
    )
    expect(await prediction.ended).toBe(0)
    const predicted = prediction.messages.find((message) => message.type === 'predicted')
    const path = predicted!.prediction.labelPath
    const { labels, grid } = await readLabelmap(await readFile(path), path)
    expect(grid.dims).toEqual([16, 16, 16])
    expect(labels).toHaveLength(4096)

    const evaluation = startEngine(
      manifest('evaluate', {
        plan: {
          schema: 1,
          kind: 'evaluate',
          modelIds: ['model-one'],
          datasetId: 'cohort',
          split: 'test',
          inference,
          backend: 'wasm',
        },
        subjects: cases,
        models: [model],
      }),
    )
    expect(await evaluation.ended).toBe(0)
    const end = evaluation.messages.at(-1)
    expect(end).toMatchObject({ type: 'done', result: { kind: 'evaluations' } })
    if (end?.type !== 'done' || end.result.kind !== 'evaluations') return
    expect(end.result.models[0].scores.map((score) => score.caseName)).toEqual(['Case 1', 'Case 2'])
  })

  it('pauses with a checkpoint and another process goes on to the same curve', async () => {
    const straight = startEngine(manifest('straight'))
    await straight.ended
    const first = startEngine(manifest('paused'), (message, say) => {
      if (message.type === 'event' && message.event.type === 'step') say({ type: 'pause' })
    })
    expect(await first.ended).toBe(0)
    const paused = first.messages.at(-1)
    expect(paused).toMatchObject({ type: 'paused' })
    if (paused?.type !== 'paused') return
    const second = startEngine(manifest('paused', { resumeFrom: paused.checkpointPath }))
    await second.ended
    expect(lossesOf(first.messages).length).toBeLessThan(STEPS)
    expect([...lossesOf(first.messages), ...lossesOf(second.messages)]).toEqual(
      lossesOf(straight.messages),
    )
    expect(await weightsOf('paused')).toEqual(await weightsOf('straight'))
  })

  it('killed in the middle, goes on from its last checkpoint to the same curve', async () => {
    const straight = startEngine(manifest('uninterrupted'))
    await straight.ended
    let steps = 0
    const job = manifest('killed')
    const killed = startEngine(job, (message) => {
      if (message.type === 'event' && message.event.type === 'step') steps++
      if (steps === 5) killed.child.kill('SIGKILL')
    })
    await killed.ended
    const resumed = startEngine({ ...job, resumeFrom: join(job.folder, 'last.safetensors') })
    await resumed.ended
    const losses = lossesOf(resumed.messages)
    expect(losses.length).toBeLessThan(STEPS)
    expect(losses.length).toBeGreaterThan(0)
    expect(losses).toEqual(lossesOf(straight.messages).slice(-losses.length))
    expect(resumed.messages.at(-1)?.type).toBe('done')
    expect(await weightsOf('killed')).toEqual(await weightsOf('uninterrupted'))
  })

  it('ends without a result when it is cancelled', async () => {
    const job = manifest('cancelled')
    const engine = startEngine(job, (message, say) => {
      if (message.type === 'event' && message.event.type === 'step') say({ type: 'cancel' })
    })
    expect(await engine.ended).toBe(0)
    expect(engine.messages.some(({ type }) => type === 'done' || type === 'failed')).toBe(false)
    expect(lossesOf(engine.messages).length).toBeLessThan(STEPS)
    expect(await exists(join(job.folder, 'weights.safetensors'))).toBe(false)
  })

  it('ends when whoever started it goes away', async () => {
    const engine = startEngine(manifest('orphan'), (message) => {
      if (message.type === 'started') engine.child.disconnect()
    })
    expect(await engine.ended).toBe(1)
  })

  it('says in words what is wrong with a file', async () => {
    const path = join(folder, 'broken.nii.gz')
    await writeFile(path, 'not an image')
    const broken = { ...cases[0], images: { ...cases[0].images, flair: path } }
    const engine = startEngine(manifest('broken', { training: [broken] }))
    expect(await engine.ended).toBe(0)
    const failure = engine.messages.at(-1)
    expect(failure).toMatchObject({ type: 'failed', error: { code: 'BAD_FILE' } })
    if (failure?.type !== 'failed') return
    expect(failure.error.message).toContain('broken.nii.gz')
    expect(failure.error.remedy.length).toBeGreaterThan(10)
  })

  it('says which sequence a training case lacks, and what to do', async () => {
    const lacking = { ...cases[0], images: { flair: cases[0].images.flair } }
    const engine = startEngine(manifest('lacking', { training: [lacking] }))
    expect(await engine.ended).toBe(0)
    const failure = engine.messages.at(-1)
    expect(failure).toMatchObject({ type: 'failed', error: { code: 'BAD_INPUT' } })
    if (failure?.type !== 'failed') return
    expect(failure.error.message).toMatch(/^Case Case 1 has no /)
    expect(failure.error.remedy).toContain('add the missing sequence')
  })

  it('passes over a message that is not of the protocol', async () => {
    const engine = startEngine(manifest('chatter'), (message) => {
      if (message.type === 'started') engine.child.send({ type: 'sing' })
    })
    expect(await engine.ended).toBe(0)
    expect(engine.messages.at(-1)?.type).toBe('done')
  })
})
