import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CaseSummary, JobEvent } from '../contract/index.ts'
import { labelsWith, writeBratsCase } from '../services/testing/bratsFolder.ts'
import type { Application } from './openApplication.ts'
import {
  follow,
  importAll,
  openTestApplication,
  temporaryFolder,
} from './testing/testApplication.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let application: Application

const workspacePath = (): string => join(folder.path, 'workspace')
const restart = async (...engineOptions: string[]): Promise<void> => {
  await application.close()
  application = await openTestApplication(workspacePath(), {
    engineOptions,
    staysOpen: true,
    demo: false,
  })
}

beforeEach(async () => {
  folder = await temporaryFolder('jobs')
  const data = join(folder.path, 'data')
  await mkdir(data)
  for (let n = 0; n < 20; n++) {
    await writeBratsCase(data, `Case_${String(n).padStart(2, '0')}`, { labels: labelsWith(3, n) })
  }
  application = await openTestApplication(workspacePath())
  await importAll(application, data)
})
afterEach(async () => {
  await application.close()
  await folder.remove()
})

const cases = (): Promise<CaseSummary[]> => application.client.cases.list({ datasetId: null })
const casesOf = async (split: string) => (await cases()).filter((each) => each.split === split)
const train = async (name = 'Flair student') => {
  const [dataset] = await application.client.datasets.list({})
  return application.client.jobs.train({
    name,
    datasetId: dataset.id,
    recipeId: 'tiny-recipe',
    sequences: ['flair'],
    role: 'student',
    steps: null,
    seed: 1,
    backend: 'auto',
  })
}
const trained = async (name?: string): Promise<string> => {
  const job = await follow(application, (await train(name)).id)
  if (!job.resultModelId) throw new Error(`no model: ${JSON.stringify(job.error)}`)
  return job.resultModelId
}
const eventsOf = async (jobId: string): Promise<JobEvent[]> => {
  const events = []
  for await (const event of await application.client.jobs.events({ jobId })) events.push(event)
  return events
}
const stepsOf = (events: readonly JobEvent[]) =>
  events.flatMap((event) => (event.type === 'step' ? [[event.step, event.loss]] : []))
const wholeCurve = Array.from({ length: 12 }, (_, i) => [i + 1, 1 / (i + 1)])

describe('jobs', () => {
  it('train to a challenger, with the whole curve to be read again', async () => {
    const queued = await train()
    expect(queued.state).toBe('queued')
    const done = await follow(application, queued.id)
    expect(done).toMatchObject({
      state: 'done',
      error: null,
      device: { description: 'Fake engine' },
    })
    const model = (await application.client.models.list({})).find(({ jobId }) => jobId === done.id)
    expect(model).toMatchObject({ status: 'challenger', origin: 'train', jobId: done.id })
    expect(stepsOf(await eventsOf(done.id))).toEqual(wholeCurve)
    await restart()
    expect(stepsOf(await eventsOf(done.id))).toEqual(wholeCurve)
  })

  it('predict proposals that touch no label, one a case', async () => {
    const modelId = await trained()
    await application.client.models.promote({ modelId })
    const [first, second] = await cases()
    const job = await application.client.jobs.predict({
      modelId: null,
      caseIds: [first.id, second.id],
      inference: null,
      backend: 'auto',
    })
    expect(await follow(application, job.id)).toMatchObject({ state: 'done' })
    const detail = await application.client.cases.get({ caseId: first.id })
    expect(detail.proposal).toMatchObject({ state: 'open', modelId, uncertaintyScore: 0.25 })
    expect(detail.versions).toHaveLength(1)
    expect(detail.priorityReason).toContain('25 %')
  })

  it('fine-tune on a correction and measure the difference on held-out cases', async () => {
    const modelId = await trained()
    const [corrected] = await casesOf('train')
    const job = await application.client.jobs.finetune({
      name: null,
      modelId,
      caseIds: [corrected.id],
      steps: 6,
      backend: 'auto',
    })
    const done = await follow(application, job.id)
    expect(done.state).toBe('done')
    const comparison = await application.client.models.compare({
      championId: modelId,
      challengerId: done.resultModelId ?? '',
    })
    expect(comparison.cases).toBe((await casesOf('test')).length)
    expect(comparison.verdict).toBe('better')
    expect(comparison.sentence).toContain('+10.0 points')
    expect(
      comparison.differences.map(({ region, meanDifference }) => [region, meanDifference]),
    ).toEqual([
      ['WT', expect.closeTo(0.1, 12)],
      ['TC', expect.closeTo(0.1, 12)],
      ['ET', null],
    ])
  })

  it('never fine-tune on held-out cases', async () => {
    const modelId = await trained()
    const [heldOut] = await casesOf('test')
    const [corrected] = await casesOf('train')
    const request = { name: null, modelId, steps: 6, backend: 'auto' as const }
    await expect(
      application.client.jobs.finetune({ ...request, caseIds: [heldOut.id] }),
    ).rejects.toMatchObject({ code: 'BAD_INPUT' })
    const job = await application.client.jobs.finetune({
      ...request,
      caseIds: [heldOut.id, corrected.id],
    })
    expect(job.plan).toMatchObject({ finetune: { correctedCaseIds: [corrected.id] } })
    await follow(application, job.id)
    expect(await eventsOf(job.id)).toContainEqual(
      expect.objectContaining({ type: 'log', message: expect.stringContaining('held out') }),
    )
  })

  it('promote and roll back', async () => {
    const first = await trained('First')
    const second = await trained('Second')
    const { promote, rollBack, list } = application.client.models
    await promote({ modelId: first })
    await promote({ modelId: second })
    const statuses = async () => Object.fromEntries((await list({})).map((m) => [m.name, m.status]))
    expect(await statuses()).toEqual({
      'Shipped student': 'retired',
      First: 'retired',
      Second: 'champion',
    })
    expect(await rollBack({ modelId: second })).toMatchObject({ id: first, status: 'champion' })
    expect(await statuses()).toEqual({
      'Shipped student': 'retired',
      First: 'champion',
      Second: 'challenger',
    })
    await rollBack({ modelId: first })
    await expect(rollBack({ modelId: first })).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })

  it('pause at a checkpoint and go on to the same curve', async () => {
    await restart('--step-ms', '20')
    const { id: jobId } = await train()
    await follow(application, jobId, (job) => (job.progress?.done ?? 0) >= 3)
    await application.client.jobs.pause({ jobId })
    const paused = await follow(application, jobId, (job) => job.state === 'paused')
    expect(paused.progress?.done).toBeLessThan(12)
    await application.client.jobs.resume({ jobId })
    expect(await follow(application, jobId)).toMatchObject({ state: 'done' })
    expect(stepsOf(await eventsOf(jobId))).toEqual(wholeCurve)
  })

  it('cancel a running and a queued one', async () => {
    await restart('--step-ms', '20')
    const running = await train('Running')
    const waiting = await train('Waiting')
    await follow(application, running.id, (job) => (job.progress?.done ?? 0) >= 1)
    await application.client.jobs.cancel({ jobId: waiting.id })
    await application.client.jobs.cancel({ jobId: running.id })
    expect(await follow(application, running.id)).toMatchObject({ state: 'cancelled' })
    expect(await follow(application, waiting.id)).toMatchObject({
      state: 'cancelled',
      startedAt: null,
    })
    expect((await application.client.models.list({})).map(({ origin }) => origin)).toEqual([
      'shipped',
    ])
    await expect(application.client.jobs.resume({ jobId: running.id })).rejects.toMatchObject({
      code: 'WRONG_STATE',
    })
  })

  it('say that the engine crashed, and go on from the last checkpoint when resumed', async () => {
    await restart('--crash-at', '14')
    const { id: jobId } = await application.client.jobs.train({
      name: 'Crashing',
      datasetId: (await application.client.datasets.list({}))[0].id,
      recipeId: 'tiny-recipe',
      sequences: ['flair'],
      role: 'student',
      steps: 30,
      seed: 1,
      backend: 'auto',
    })
    const failed = await follow(application, jobId)
    expect(failed).toMatchObject({
      state: 'failed',
      error: { code: 'ENGINE_CRASHED', remedy: expect.stringContaining('Resume') },
    })
    await application.client.jobs.resume({ jobId })
    expect(await follow(application, jobId)).toMatchObject({ state: 'done', error: null })
    expect(stepsOf(await eventsOf(jobId)).map(([step]) => step)).toEqual(
      Array.from({ length: 30 }, (_, i) => i + 1),
    )
  })

  it('go on after the program was closed and opened again', async () => {
    await restart('--step-ms', '20')
    const { id: jobId } = await train()
    await follow(application, jobId, (job) => (job.progress?.done ?? 0) >= 3)
    await restart()
    expect(await follow(application, jobId)).toMatchObject({ state: 'done' })
    expect(stepsOf(await eventsOf(jobId))).toEqual(wholeCurve)
  })

  it('stay paused for a program that ends soon', async () => {
    await restart('--step-ms', '20')
    const { id: jobId } = await train()
    await follow(application, jobId, (job) => job.state === 'running')
    await application.close()
    application = await openTestApplication(workspacePath())
    expect(await application.client.jobs.get({ jobId })).toMatchObject({ state: 'paused' })
  })

  it('fail with a sentence when the engine speaks another protocol', async () => {
    await restart('--garbage')
    const failed = await follow(application, (await train()).id)
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'ENGINE_PROTOCOL' } })
  })

  it('refuse at once what could never run', async () => {
    const [dataset] = await application.client.datasets.list({})
    await expect(
      application.client.jobs.evaluate({
        modelIds: [await trained()],
        datasetId: dataset.id,
        split: 'none',
        backend: 'auto',
      }),
    ).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('none split') })
    const t2only = join(folder.path, 't2-only')
    await writeBratsCase(t2only, 'T2', { sequences: ['t2'] })
    await importAll(application, t2only)
    const caseIds = (await cases()).filter(({ name }) => name === 'T2').map(({ id }) => id)
    const predict = (modelId: string | null) =>
      application.client.jobs.predict({ modelId, caseIds, inference: null, backend: 'auto' })
    await expect(predict(null)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('No model'),
    })
    await expect(predict('model-shipped-flair-student')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('T2 has no FLAIR'),
    })
  })
})
