import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Job, TrainingResources } from '../contract/index.ts'
import { labelsWith, writeBratsCase } from '../services/testing/bratsFolder.ts'
import type { Application, ApplicationOptions } from './openApplication.ts'
import {
  follow,
  importAll,
  openTestApplication,
  temporaryFolder,
} from './testing/testApplication.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let application: Application

const card = (index: number) => ({
  index,
  name: `Card ${index}`,
  memoryBytes: 8e9,
  freeBytes: 7e9,
  driver: '550.54.15',
})
const onCards: Partial<ApplicationOptions> = {
  listCards: async () => [card(0), card(1)],
  probeDevice: async () => ({
    backend: 'tensorflow',
    description: 'Test card',
    gpu: true,
    fallbackReason: null,
  }),
}

beforeEach(async () => {
  folder = await temporaryFolder('devices')
  await mkdir(join(folder.path, 'data'))
  await writeBratsCase(join(folder.path, 'data'), 'Case_00', { labels: labelsWith(3, 0) })
})
afterEach(async () => {
  await application.close()
  await folder.remove()
})

async function open(options: Partial<ApplicationOptions>): Promise<void> {
  application = await openTestApplication(join(folder.path, 'workspace'), {
    engineOptions: ['--step-ms', '40'],
    ...options,
  })
  await importAll(application, join(folder.path, 'data'))
}
const train = async (name: string, resources: TrainingResources = {}): Promise<Job> => {
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
    resources,
  })
}
const running = async (): Promise<string[]> =>
  (await application.client.jobs.list({}))
    .filter(({ state }) => state === 'running')
    .map(({ plan }) => ('name' in plan ? plan.name : ''))
const begins = (job: Job): Promise<Job> =>
  follow(application, job.id, ({ state, device }) => state === 'running' && device !== null)

describe('jobs on several devices', () => {
  it('run one on each card at the same time, and a third waits', async () => {
    await open(onCards)
    const jobs = [await train('A'), await train('B'), await train('C')]
    await Promise.all([begins(jobs[0]), begins(jobs[1])])
    expect((await running()).sort()).toEqual(['A', 'B'])
    const ended = await Promise.all(jobs.map((job) => follow(application, job.id)))
    expect(ended.map(({ state }) => state)).toEqual(['done', 'done', 'done'])
    const [a, b, c] = ended
    expect(a.startedAt! < b.endedAt! && b.startedAt! < a.endedAt!).toBe(true)
    expect(c.startedAt! >= [a.endedAt!, b.endedAt!].sort()[0]).toBe(true)
  })

  it('see only the card that is theirs', async () => {
    await open(onCards)
    const jobs = [
      await train('A', { device: 'cuda:1' }),
      await train('B'),
      await train('C', { device: 'cpu' }),
    ]
    await Promise.all(jobs.map((job) => follow(application, job.id)))
    const logs = await Promise.all(
      jobs.map(async ({ id }) => {
        const messages = []
        for await (const event of await application.client.jobs.events({ jobId: id })) {
          if (event.type === 'log') messages.push(event.message)
        }
        return messages.find((message) => message.startsWith('Sees cards'))
      }),
    )
    expect(logs).toEqual(['Sees cards 1', 'Sees cards 0', 'Sees cards -1'])
  })

  it('run one at a time on a computer without cards, two where the settings allow it', async () => {
    await open({})
    const jobs = [await train('A'), await train('B')]
    await begins(jobs[0])
    expect(await running()).toEqual(['A'])
    await Promise.all(jobs.map((job) => follow(application, job.id)))
    await application.client.settings.update({ processorJobs: 2 })
    const both = [await train('C'), await train('D')]
    await Promise.all(both.map(begins))
    expect((await running()).sort()).toEqual(['C', 'D'])
  })

  it('are refused for a card that is not there, and for more memory than there is', async () => {
    await open({})
    await expect(train('A', { device: 'cuda:3' })).rejects.toThrow('has no graphics card 3')
    const [one] = await application.client.cases.list({ datasetId: null })
    const wanted = { modelId: null, caseIds: [one.id], inference: null, backend: 'auto' as const }
    await expect(application.client.jobs.predict({ ...wanted, device: 'cuda:0' })).rejects.toThrow(
      'has no graphics card 0',
    )
    const tooLarge = { patchSize: [512, 512, 512] as [number, number, number] }
    await expect(train('A', tooLarge)).rejects.toThrow(/needs about .* GiB of memory/)
    const insisted = await train('A', { ...tooLarge, ignoreMemory: true })
    expect(insisted.state).toBe('queued')
    const estimate = await application.client.jobs.estimate({
      subject: { kind: 'recipe', recipeId: 'tiny-recipe' },
      sequences: ['flair'],
      teacherModelId: null,
      distillation: null,
      backend: 'auto',
    })
    expect(estimate).toMatchObject({ fits: true, backend: 'wasm' })
    expect(estimate.totalBytes).toBeGreaterThan(1e8)
  })
})
