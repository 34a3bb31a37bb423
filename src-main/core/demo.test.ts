import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Application } from './openApplication.ts'
import { follow, openTestApplication, temporaryFolder } from './testing/testApplication.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let application: Application

const demoPlan = {
  dims: [24, 24, 20] as const,
  kappa: 0.5,
  cases: [
    { name: 'Demo_1', split: 'train' as const, hasSegmentation: false, seed: 1 },
    { name: 'Demo_2', split: 'test' as const, hasSegmentation: true, seed: 2 },
    { name: 'Demo_3', split: 'train' as const, hasSegmentation: false, seed: 3 },
  ],
}
const open = (): Promise<Application> =>
  openTestApplication(join(folder.path, 'workspace'), { staysOpen: true, demoPlan })
const cases = () => application.client.cases.list({ datasetId: null })

/** Waits for the next change until the condition holds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const changes = application.services.changes.subscribe()
  while (!(await holds())) await changes.next()
  await changes.return()
}

beforeEach(async () => {
  folder = await temporaryFolder('demo')
  application = await open()
})
afterEach(async () => {
  await application.close()
  await folder.remove()
})

describe('the demo of a new workspace', () => {
  it('shows one case with a proposal first, and the rest after it', async () => {
    await until(async () => (await cases()).some(({ proposalState }) => proposalState === 'open'))
    const first = (await cases()).find(({ proposalState }) => proposalState === 'open')
    expect(first).toMatchObject({
      name: 'Demo_1',
      synthetic: true,
      split: 'train',
      versionCount: 0,
    })

    await until(async () => (await cases()).length === 3)
    await until(async () => (await cases()).filter((each) => each.proposalState).length === 2)
    expect(
      (await cases()).map(({ name, split, versionCount }) => [name, split, versionCount]).sort(),
    ).toEqual([
      ['Demo_1', 'train', 0],
      ['Demo_2', 'test', 1],
      ['Demo_3', 'train', 0],
    ])
    for (const job of await application.client.jobs.list({})) await follow(application, job.id)
    expect(await application.client.models.list({})).toMatchObject([
      { name: 'Shipped student', status: 'champion', origin: 'shipped' },
    ])
  })

  it('goes on where it was interrupted, and a workspace without one never gets one', async () => {
    await until(async () => (await cases()).length >= 1)
    await application.close()
    application = await open()
    await until(async () => (await cases()).length === 3)
    await application.close()

    await rm(join(folder.path, 'workspace/demo'), { recursive: true })
    application = await open()
    await application.services.demo.run()
    expect(await cases()).toHaveLength(3)
  })
})
