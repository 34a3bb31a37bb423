import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { JobManifest, ManifestCase, TrainingPlan } from '../../contract/index.ts'
import { readSafetensors } from '../checkpoint/readSafetensors.ts'
import { smallPlan, writeCase } from '../training/trainingRun.fixture.ts'
import { lossesOf, startEngine, type EngineUnderTest } from './engineProcess.fixture.ts'
import { nodeFiles } from './nodeFiles.ts'

let folder: string
let cases: ManifestCase[]

beforeAll(async () => {
  // Two threads in all: one for each of two processes.
  vi.stubEnv('GLIADESK_THREADS', '2')
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-parallel-'))
  cases = [await writeCase(nodeFiles, 1, folder), await writeCase(nodeFiles, 2, folder)]
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

const STEPS = 8
const manifest = (
  name: string,
  plan: Partial<TrainingPlan>,
  changes: Partial<JobManifest> = {},
): JobManifest => ({
  jobId: 'job-one',
  plan: smallPlan({ steps: STEPS, validateEverySteps: 100, checkpointEverySteps: 2, ...plan }),
  folder: join(folder, name),
  training: cases,
  validation: [],
  corrected: [],
  subjects: [],
  models: [],
  resumeFrom: null,
  ...changes,
})

const weightsOf = async (name: string): Promise<number[]> => {
  const bytes = await readFile(join(folder, name, 'weights.safetensors'))
  return [...readSafetensors(bytes, name).tensors.values()].flatMap((t) => [...t.values])
}
/** Child processes of an engine. */
const peersOf = async ({ child: { pid } }: EngineUnderTest): Promise<number[]> =>
  (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').map(Number)

/** A process that has ended may wait for its parent to notice: that is no running one. */
const isRunning = (pid: number): boolean => {
  try {
    return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

describe('two processes that share a training', { timeout: 120_000 }, () => {
  it('give the curve and the weights of one process with the same batches, bit for bit', async () => {
    const alone = startEngine(manifest('alone', { accumulate: 2 }))
    await alone.ended
    const shared = startEngine(manifest('shared', { accumulate: 2, processes: 2 }))
    expect(await shared.ended).toBe(0)
    expect(lossesOf(shared.messages)).toHaveLength(STEPS)
    expect(lossesOf(shared.messages)).toEqual(lossesOf(alone.messages))
    expect(await weightsOf('shared')).toEqual(await weightsOf('alone'))
    // Neither the exchange file nor the peers' starting point is left behind.
    expect((await readdir(join(folder, 'shared'))).sort()).toEqual([
      'last.safetensors',
      'weights.safetensors',
    ])
  })

  it('pause, and go on to the same weights', async () => {
    const plan = { accumulate: 2, processes: 2 }
    const first = startEngine(manifest('paused', plan), (message, say) => {
      if (message.type === 'event' && message.event.type === 'step') say({ type: 'pause' })
    })
    expect(await first.ended).toBe(0)
    const paused = first.messages.at(-1)
    if (paused?.type !== 'paused') throw new Error(JSON.stringify(paused))
    const resumeFrom = paused.checkpointPath
    const second = startEngine(manifest('paused', plan, { resumeFrom }))
    expect(await second.ended).toBe(0)
    expect(await weightsOf('paused')).toEqual(await weightsOf('shared'))
  })

  it.runIf(process.platform === 'linux')(
    'fail in a sentence when one dies, go on from the last checkpoint, and leave when cancelled',
    async () => {
      const plan = { accumulate: 2, processes: 2, steps: 200 }
      let killed = false
      const engine = startEngine(manifest('killed', plan), (message) => {
        const isCheckpoint = message.type === 'event' && message.event.type === 'checkpoint'
        if (!isCheckpoint || killed) return
        killed = true
        void peersOf(engine).then(([pid]) => process.kill(pid, 'SIGKILL'))
      })
      expect(await engine.ended).toBe(0)
      const failure = engine.messages.at(-1)
      expect(failure).toMatchObject({ type: 'failed', error: { code: 'INTERNAL' } })
      if (failure?.type !== 'failed') return
      expect(failure.error.message).toMatch(/^Process 2 of the 2 .* ended unexpectedly \(SIGKILL\)/)
      expect(failure.error.remedy).toMatch(/^Press Resume/)
      const done = lossesOf(engine.messages).length
      const resumeFrom = join(folder, 'killed', 'last.safetensors')
      let peers: number[] = []
      const resumed = startEngine(manifest('killed', plan, { resumeFrom }), (message, say) => {
        if (message.type !== 'event' || message.event.type !== 'step') return
        void peersOf(resumed).then((found) => {
          peers = found
          say({ type: 'cancel' })
        })
      })
      expect(await resumed.ended).toBe(0)
      expect(resumed.messages.some(({ type }) => type === 'done' || type === 'failed')).toBe(false)
      expect(peers).toHaveLength(1)
      await vi.waitFor(() => expect(peers.filter(isRunning)).toEqual([]))
      const step = resumed.messages.find(({ type }) => type === 'event')
      expect(step).toMatchObject({ event: { type: 'step' } })
      if (step?.type === 'event' && step.event.type === 'step') {
        expect(step.event.step % 2).toBe(1)
        expect(step.event.step).toBeGreaterThan(done - 2)
      }
    },
  )
})
