import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deltaToBase64, diffLabels } from '../imaging/labelmap/index.ts'
import { labelsWith, TEST_VOXELS, writeBratsCase } from '../services/testing/bratsFolder.ts'
import { startCoreProcess, type CoreProcess } from './testing/coreProcess.ts'
import { temporaryFolder } from './testing/testApplication.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let core: CoreProcess
const workspace = (): string => join(folder.path, 'workspace')

beforeEach(async () => {
  folder = await temporaryFolder('kill')
  await writeBratsCase(join(folder.path, 'data'), 'A', { labels: labelsWith(2, 1, 2, 3) })
  core = await startCoreProcess(workspace())
})
afterEach(async () => {
  await core.kill()
  await folder.remove()
})

describe('a core killed with SIGKILL in the middle of painting', () => {
  it(
    'loses nothing that it acknowledged, and says what it recovered',
    { timeout: 120_000 },
    async () => {
      const path = join(folder.path, 'data')
      for await (const event of await core.client.datasets.import({ path, name: null })) void event
      const [{ id: caseId }] = await core.client.cases.list({ datasetId: null })
      let expected = labelsWith(2, 1, 2, 3)
      let cursor = 0

      for (let round = 0; round < 3; round++) {
        let killed: Promise<void> | null = null
        let inFlight: Uint8Array | null = null
        setTimeout(() => (killed = core.kill()), 60 + 70 * round)
        try {
          for (let stroke = 0; ; stroke++) {
            const next = expected.slice()
            next[(17 * stroke + 31 * round) % TEST_VOXELS] = 1 + ((stroke + round) % 3)
            const delta = diffLabels(expected, next)
            if (delta.runs.length === 0) continue
            inFlight = next
            const result = await core.client.labels.append({
              caseId,
              cursor,
              title: `Stroke ${stroke}`,
              delta: deltaToBase64(delta),
            })
            expected = next
            inFlight = null
            ;({ cursor } = result)
          }
        } catch {
          // The connection broke: the core is dead.
        }
        await killed
        const acknowledged = cursor
        expect(acknowledged).toBeGreaterThan(round * 3)

        core = await startCoreProcess(workspace())
        const session = await core.client.labels.open({ caseId })
        const answer = await fetch(`${core.origin}/data/${session.volume.sha256}`, {
          headers: { cookie: core.cookie },
        })
        const labels = new Uint8Array(await answer.arrayBuffer())
        // The stroke in flight may have become durable just before its acknowledgement was lost.
        const isInFlightKept = session.cursor === acknowledged + 1
        expect(session.cursor - acknowledged).toBeLessThanOrEqual(1)
        if (isInFlightKept && inFlight) expected = inFlight
        expect(labels).toEqual(expected)
        expect(session.recovered?.strokes).toBe(session.cursor)
        expect(session.history.every((entry) => !entry.undone)).toBe(true)
        cursor = session.cursor
      }
    },
  )
})

describe('a core killed with SIGKILL in the middle of training', () => {
  it('goes on from the last checkpoint to the same curve when it is started again', async () => {
    await core.kill()
    core = await startCoreProcess(workspace(), ['--step-ms', '15'])
    const path = join(folder.path, 'data')
    for await (const event of await core.client.datasets.import({ path, name: null })) void event
    const [dataset] = await core.client.datasets.list({})
    const { id: jobId } = await core.client.jobs.train({
      name: 'Student',
      datasetId: dataset.id,
      recipeId: 'tiny-recipe',
      sequences: ['flair'],
      role: 'student',
      steps: 100,
      seed: 1,
      backend: 'auto',
    })
    for await (const job of await core.client.jobs.watch({ jobId })) {
      if ((job.progress?.done ?? 0) >= 60) break
    }
    await core.kill()

    core = await startCoreProcess(workspace(), [])
    let last
    for await (const job of await core.client.jobs.watch({ jobId })) last = job
    expect(last).toMatchObject({ state: 'done', error: null })
    const steps = []
    for await (const event of await core.client.jobs.events({ jobId })) {
      if (event.type === 'step') steps.push([event.step, event.loss])
    }
    expect(steps).toEqual(Array.from({ length: 100 }, (_, i) => [i + 1, 1 / (i + 1)]))
    const manifest = await readFile(join(workspace(), 'jobs', jobId, 'manifest.json'), 'utf8')
    expect(JSON.parse(manifest)).toMatchObject({
      resumeFrom: join(workspace(), 'jobs', jobId, 'run', 'last.safetensors'),
    })
  })
})

describe.skipIf(process.platform === 'win32')('a core whose desktop window was killed', () => {
  it('ends by itself and gives the workspace back', async () => {
    await core.kill()
    const main = fileURLToPath(new URL('./main.ts', import.meta.url))
    const args = [main, '--workspace', workspace(), '--socket', join(folder.path, 's'), '--no-demo']
    const parent = spawn(process.execPath, [
      '-e',
      `require('node:child_process').spawn(process.execPath, ${JSON.stringify(args)}, { stdio: 'inherit' })`,
    ])
    await once(parent.stdout, 'data')
    parent.kill('SIGKILL')
    // The lock is given back in an orderly end only.
    const lock = join(workspace(), 'workspace.lock')
    while (await readFile(lock).catch(() => null)) await wait(100)
    core = await startCoreProcess(workspace())
    expect(await core.client.datasets.list({})).toEqual([])
  })
})
