import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Fold } from '../contract/index.ts'
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

beforeEach(async () => {
  folder = await temporaryFolder('ensembles')
  const data = join(folder.path, 'data')
  await mkdir(data)
  for (let n = 0; n < 8; n++) {
    await writeBratsCase(data, `Case_${n}`, n < 6 ? { labels: labelsWith(3, n) } : {})
  }
  application = await openTestApplication(join(folder.path, 'workspace'))
  await importAll(application, data)
})
afterEach(async () => {
  await application.close()
  await folder.remove()
})

async function trained(fold?: Fold): Promise<string> {
  const [dataset] = await application.client.datasets.list({})
  const job = await application.client.jobs.train({
    name: `fold ${fold?.index}`,
    datasetId: dataset.id,
    recipeId: 'tiny-recipe',
    sequences: ['flair'],
    role: 'student',
    steps: null,
    seed: 1,
    fold,
    backend: 'auto',
  })
  const { resultModelId } = await follow(application, job.id)
  return resultModelId!
}

describe('folds and ensembles', () => {
  it('train a model a fold and average them as one model that predicts and is refused as a start', async () => {
    const modelIds = [await trained({ index: 1, of: 2 }), await trained({ index: 2, of: 2 })]
    const { client } = application
    const ensemble = await client.models.ensemble({ name: 'Both', modelIds })
    expect(ensemble).toMatchObject({ memberIds: modelIds, status: 'challenger', jobId: null })

    const cases = await client.cases.list({ datasetId: null })
    const predicting = await client.jobs.predict({
      modelId: ensemble.id,
      caseIds: [cases[0].id],
      inference: null,
      backend: 'auto',
    })
    expect(await follow(application, predicting.id)).toMatchObject({ state: 'done' })
    const { proposal } = await client.cases.get({ caseId: cases[0].id })
    expect(proposal).toMatchObject({ modelId: ensemble.id, modelName: 'Both' })

    const [corrected] = cases.filter(({ split, versionCount }) => split === 'train' && versionCount)
    const tuning = await client.jobs.finetune({
      name: null,
      modelId: ensemble.id,
      caseIds: [corrected.id],
      steps: 2,
      backend: 'auto',
    })
    const failed = await follow(application, tuning.id)
    expect(failed.error?.message).toContain('An ensemble is several networks')
  })

  it('ranks unlabelled cases outside of the test split, each with its reason', async () => {
    const { client } = application
    const [dataset] = await client.datasets.list({})
    const cases = await client.cases.list({ datasetId: null })
    const open = cases.filter(({ split, versionCount }) => split !== 'test' && versionCount === 0)
    for (const strategy of ['entropy', 'disagreement', 'diversity', 'random'] as const) {
      const ranked = await client.cases.rank({ datasetId: dataset.id, strategy })
      expect(ranked.map(({ caseId }) => caseId).sort()).toEqual(open.map(({ id }) => id).sort())
      for (const { reason } of ranked) expect(reason).toMatch(/\.$/)
    }
  })
})
