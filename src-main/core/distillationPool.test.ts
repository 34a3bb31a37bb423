import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  DEFAULT_DISTILLATION,
  DEFAULT_POOL,
  SEQUENCES,
  jobManifestSchema,
  type JobManifest,
} from '../contract/index.ts'
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

let teacherModelId: string
let data: string
let others: string

/** Ten labelled cases and twelve unlabelled ones of which one lacks T2, in two data sets, and a teacher. */
beforeAll(async () => {
  folder = await temporaryFolder('pool')
  const [labelled, bare] = [join(folder.path, 'data'), join(folder.path, 'others')]
  await Promise.all([mkdir(labelled), mkdir(bare)])
  const labels = labelsWith(3, 5)
  for (let n = 0; n < 10; n++) await writeBratsCase(labelled, `Case_0${n}`, { labels })
  for (let n = 0; n < 12; n++) {
    const sequences = n === 0 ? (['flair', 't1', 't1ce'] as const) : SEQUENCES
    await writeBratsCase(bare, `Bare_${String(n).padStart(2, '0')}`, { sequences })
  }
  application = await openTestApplication(join(folder.path, 'workspace'))
  await importAll(application, labelled)
  await importAll(application, bare)
  const datasets = await application.client.datasets.list({})
  const idOf = (name: string): string => datasets.find((one) => one.name === name)!.id
  ;[data, others] = [idOf('data'), idOf('others')]
  const job = await application.client.jobs.train({
    name: 'Teacher',
    datasetId: data,
    recipeId: 'tiny-recipe',
    sequences: [...SEQUENCES],
    role: 'teacher',
    steps: 1,
    seed: 1,
    backend: 'auto',
  })
  teacherModelId = (await follow(application, job.id)).resultModelId!
})
afterAll(async () => {
  await application.close()
  await folder.remove()
})

async function distil(
  pool: { datasetIds: string[]; caseIds?: string[] } | null,
): Promise<JobManifest> {
  const job = await application.client.jobs.distil({
    name: 'Student',
    datasetId: data,
    recipeId: 'tiny-recipe',
    sequences: ['flair'],
    teacherModelId,
    distillation: DEFAULT_DISTILLATION.logits,
    pool: pool && { ...DEFAULT_POOL, ...pool },
    steps: 1,
    seed: 1,
    backend: 'auto',
  })
  await follow(application, job.id)
  const path = join(folder.path, 'workspace', 'jobs', job.id, 'manifest.json')
  return jobManifestSchema.parse(JSON.parse(await readFile(path, 'utf8')))
}

describe('a pool of unlabelled cases', () => {
  it('reaches the engine without labels: training cases with all sequences, none held out', async () => {
    const { pool, training, plan } = await distil({ datasetIds: [others] })
    const cases = await application.client.cases.list({ datasetId: others })
    const expected = cases.filter(
      ({ split, sequences }) => split === 'train' && sequences.length === 4,
    )
    expect(expected.length).toBeGreaterThan(2)
    expect(pool!.map(({ caseId }) => caseId).sort()).toEqual(expected.map(({ id }) => id).sort())
    expect(pool!.every(({ label }) => label === null)).toBe(true)
    expect(training.every(({ label }) => label !== null)).toBe(true)
    expect(plan).toMatchObject({ pool: { datasetIds: [others], fraction: 0.5, mode: 'added' } })
  })

  it('leaves the labelled cases as they are without it', async () => {
    const alone = await distil(null)
    const pooled = await distil({ datasetIds: [others] })
    expect(pooled.training).toEqual(alone.training)
    expect(alone.pool).toEqual([])
  })

  it('can be narrowed to some cases', async () => {
    const cases = await application.client.cases.list({ datasetId: others })
    const one = cases.find(({ split, sequences }) => split === 'train' && sequences.length === 4)!
    const { pool } = await distil({ datasetIds: [others], caseIds: [one.id] })
    expect(pool!.map(({ caseId }) => caseId)).toEqual([one.id])
  })

  it('is refused where it holds nothing beside the labelled cases', async () => {
    await expect(distil({ datasetIds: [data] })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('pool') as string,
    })
  })
})
