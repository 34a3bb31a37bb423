import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PlanRequest } from '../contract/index.ts'
import { hasSharedData, NEEDS_SHARED_DATA } from '../imaging/testing/sharedData.ts'
import { labelsWith, writeBratsCase } from '../services/testing/bratsFolder.ts'
import type { Application } from './openApplication.ts'
import {
  follow,
  importAll,
  openTestApplication,
  temporaryFolder,
} from './testing/testApplication.ts'

/** A real case beside the project; not part of it. */
const GLIOMA = resolve(import.meta.dirname, '../../../shared/data/Brats18_TCIA03_265_1')

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let application: Application

beforeEach(async () => {
  folder = await temporaryFolder('planning')
  application = await openTestApplication(join(folder.path, 'workspace'), {
    inspectMachine: async () => ({
      ...{ processor: 'Test processor', cores: 2, memoryBytes: 16e9, availableBytes: 8e9 },
      cards: [],
      onCard: new Map(),
      onProcessor: [
        {
          ...{ name: 'wasm', usable: true, description: 'WebAssembly', reason: null },
          ...{ gpu: false, gflops: 90 },
        },
      ],
    }),
  })
})
afterEach(async () => {
  await application.close()
  await folder.remove()
})

const request = async (changes: Partial<PlanRequest> = {}): Promise<PlanRequest> => {
  const [dataset] = await application.client.datasets.list({})
  return {
    ...{ datasetId: dataset.id, sequences: null, backend: 'auto', measure: true, maxCases: 60 },
    ...changes,
  }
}

describe('planning from a data set', () => {
  it('leads to a training on the planned recipe', async () => {
    const data = join(folder.path, 'data')
    await mkdir(data)
    for (const name of ['Case_00', 'Case_01', 'Case_02', 'Case_03']) {
      await writeBratsCase(data, name, { labels: labelsWith(3, 0, 1, 2) })
    }
    await importAll(application, data)
    const proposal = await application.client.jobs.propose(await request())
    const { fingerprint, recipe, sequences, device, backend } = proposal
    expect(fingerprint.medianSpacingMm).toEqual([1, 1, 2])
    expect(fingerprint.casesRead).toBe(fingerprint.split.train)
    expect(fingerprint.classes[2].medianMl).toBeCloseTo(3 * 2e-3, 6)
    expect([device, backend]).toEqual(['cpu', 'wasm'])
    const job = await application.client.jobs.train({
      ...{ name: 'Planned', datasetId: fingerprint.datasetId, recipeId: recipe.id, recipe },
      ...{ sequences, role: 'teacher', steps: 3, seed: 1, backend },
    })
    expect(job.plan).toMatchObject({ recipeId: 'planned', patchSize: recipe.patchSize, steps: 3 })
    expect((await follow(application, job.id)).state).toBe('done')
  })

  it('refuses a data set without a segmentation, and a device that is not there', async () => {
    const data = join(folder.path, 'data')
    await mkdir(data)
    await writeBratsCase(data, 'Case_00')
    await importAll(application, data)
    await expect(application.client.jobs.propose(await request())).rejects.toThrow(
      /no training case with a segmentation/,
    )
    await expect(
      application.client.jobs.propose(await request({ device: 'cuda:3' })),
    ).rejects.toThrow(/cannot compute on "cuda:3"/)
  })

  it.skipIf(!hasSharedData)(`reads a real glioma case${NEEDS_SHARED_DATA}`, async () => {
    await importAll(application, GLIOMA)
    const { fingerprint, recipe } = await application.client.jobs.propose(await request())
    expect(fingerprint.medianSpacingMm).toEqual([1, 1, 1])
    expect(fingerprint.medianShape).toEqual([133, 158, 128])
    // 21,996, 21,263 and 17,097 voxels of 1 mm³ in the file (numpy), rounded to millilitres.
    expect(fingerprint.classes.map(({ medianMl }) => Math.round(medianMl))).toEqual([22, 21, 17])
    expect(recipe.network.spacingMm).toBeGreaterThanOrEqual(1)
  })
})
