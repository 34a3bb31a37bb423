import { beforeAll, describe, expect, it } from 'vitest'
import { GliadeskError, type ManifestCase, type TrainingPlan } from '../../contract/index.ts'
import { openBackend } from '../backends/index.ts'
import { decodeCheckpoint, type FileSystemPort } from '../checkpoint/index.ts'
import { runTraining } from './runTraining.ts'
import {
  inputsFor,
  memoryFiles,
  recordingPorts,
  smallPlan,
  writeCase,
} from './trainingRun.fixture.ts'

const files = memoryFiles()
let cases: ManifestCase[]

beforeAll(async () => {
  await openBackend('wasm')
  cases = [await writeCase(files, 1), await writeCase(files, 2)]
})

const run = async (plan: TrainingPlan, changes: Parameters<typeof inputsFor>[2] = {}) => {
  const ports = recordingPorts(files)
  const outcome = await runTraining(inputsFor(plan, [cases[0]], changes), ports)
  return { outcome, ports }
}

describe('averaged weights', () => {
  it('are what is kept, and a resumed run keeps the same bits', async () => {
    const plan = smallPlan({ steps: 6, averageDecay: 0.9, checkpointEverySteps: 100 })
    const straight = await run(plan, { folder: '/straight' })
    const plain = await run({ ...plan, averageDecay: undefined }, { folder: '/plain' })
    const ports = recordingPorts(files, { afterStep: 3, request: 'pause' })
    await runTraining(inputsFor(plan, [cases[0]], { folder: '/resumed' }), ports)
    const path = '/resumed/last.safetensors'
    const resumeFrom = decodeCheckpoint(files.contents.get(path)!, path)
    const resumed = await run(plan, { folder: '/resumed', resumeFrom })

    const weights = (folder: string): Uint8Array =>
      files.contents.get(`${folder}/weights.safetensors`)!
    expect(resumed.outcome.kind).toBe('done')
    expect(Buffer.compare(weights('/resumed'), weights('/straight'))).toBe(0)
    expect(Buffer.compare(weights('/plain'), weights('/straight'))).not.toBe(0)
    // The average only watches: the run itself is the same.
    expect(straight.ports.losses).toEqual(plain.ports.losses)
  })
})

describe('patience', () => {
  it('ends a run that gets no better, says so, and keeps the best weights', async () => {
    const plan = smallPlan({
      steps: 50,
      validateEverySteps: 1,
      patience: 2,
      optimiser: { ...smallPlan().optimiser, learningRate: 1e-12 },
    })
    const { outcome, ports } = await run(plan, { validation: [cases[1]] })
    expect(outcome.kind).toBe('done')
    expect(ports.losses.length).toBeLessThanOrEqual(3)
    const said = ports.events.flatMap((event) => (event.type === 'log' ? [event.message] : []))
    expect(said.some((message) => message.includes('without a better score'))).toBe(true)
    const last = files.contents.get('/job/last.safetensors')!
    expect(decodeCheckpoint(last, 'last').progress.step).toBe(ports.losses.length)
  })
})

describe('a full disk', () => {
  const full = new GliadeskError('DISK_FULL', 'The disk is full.', 'Free some space, then resume.')

  /** Takes a number of bytes, then no more: what did not fit is left half-written, as on a real disk. */
  const smallDisk = (room: number): FileSystemPort & { contents: Map<string, Uint8Array> } => {
    const disk = memoryFiles()
    for (const [path, bytes] of files.contents) disk.contents.set(path, bytes)
    let left = room
    return {
      ...disk,
      writeAndSync: async (path, bytes) => {
        if (bytes.length > left) {
          disk.contents.set(path, bytes.slice(0, left))
          throw full
        }
        left -= bytes.length
        await disk.writeAndSync(path, bytes)
      },
    }
  }

  it('stops the run with the last good checkpoint whole, from which it goes on', async () => {
    const plan = smallPlan({ steps: 4, checkpointEverySteps: 2, validateEverySteps: 100 })
    const whole = await run(plan, { folder: '/whole' })
    const size = files.contents.get('/whole/last.safetensors')!.length
    const disk = smallDisk(Math.floor(1.5 * size))
    const inputs = inputsFor(plan, [cases[0]], { folder: '/full' })
    await expect(runTraining(inputs, recordingPorts(disk))).rejects.toBe(full)

    expect([...disk.contents.keys()].filter((path) => path.endsWith('.part'))).toEqual([])
    const path = '/full/last.safetensors'
    const resumeFrom = decodeCheckpoint(disk.contents.get(path)!, path)
    expect(resumeFrom.progress.step).toBe(2)
    const { ports } = await run(plan, { folder: '/full', resumeFrom })
    expect(ports.losses).toEqual(whole.ports.losses.slice(2))
  })
})
