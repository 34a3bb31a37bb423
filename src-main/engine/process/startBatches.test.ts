import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ManifestCase } from '../../contract/index.ts'
import type { BatchRequest } from '../training/index.ts'
import { runBatches } from '../training/runBatches.ts'
import { smallPlan, writeCase } from '../training/trainingRun.fixture.ts'
import { nodeFiles } from './nodeFiles.ts'
import { startBatches } from './startBatches.ts'

let folder: string
let cases: ManifestCase[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-batches-'))
  cases = [await writeCase(nodeFiles, 1, folder), await writeCase(nodeFiles, 2, folder)]
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const requestFor = (training: readonly ManifestCase[]): BatchRequest => ({
  plan: smallPlan({ batchSize: 2, patchSize: [8, 8, 8] }),
  usable: { training, corrected: [], pool: [] },
  teacher: null,
  cacheBytes: 2 ** 26,
})

describe('batches from a thread of their own', () => {
  it('are those that this thread prepares, drawn ahead or not', async () => {
    const here = runBatches(requestFor(cases), { files: nodeFiles })
    const there = startBatches(requestFor(cases))
    try {
      there.prefetch(1)
      there.prefetch(1)
      for (const step of [0, 1, 2]) expect(await there.draw(step)).toEqual(await here.draw(step))
      expect(await there.draw(1, 1)).toEqual(await here.draw(1, 1))
      expect(await there.observe(3)).toEqual(await here.observe(3))
    } finally {
      there.close()
    }
  })

  it('tell a missing file in words where the batch is drawn, and go on afterwards', async () => {
    const lost = { ...cases[1], caseId: 'case-lost', name: 'Lost' }
    const images = { ...lost.images, flair: join(folder, 'nowhere.nii') }
    const there = startBatches(requestFor([{ ...lost, images }]))
    try {
      there.prefetch(0)
      await expect(there.draw(0)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await expect(there.draw(1)).rejects.toThrow('nowhere.nii')
    } finally {
      there.close()
    }
    await expect(there.draw(2)).rejects.toThrow()
  })
})
