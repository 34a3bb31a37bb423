import { beforeAll, describe, expect, it } from 'vitest'
import type { TrainingPlan } from '../../contract/index.ts'
import { tf } from '../tensor.ts'
import { openBackend } from '../backends/index.ts'
import { decodeCheckpoint } from '../checkpoint/index.ts'
import { readSafetensors } from '../checkpoint/readSafetensors.ts'
import { partsOf, type PeerGradient } from './parallelGradient.ts'
import { createParallelPeer } from './parallelPeer.ts'
import { runTraining } from './runTraining.ts'
import type { TrainingInputs, TrainingPorts } from './trainingRun.ts'
import {
  inputsFor,
  memoryFiles,
  recordingPorts,
  smallPlan,
  writeCase,
} from './trainingRun.fixture.ts'

beforeAll(async () => {
  await openBackend('wasm')
})

const files = memoryFiles()
const cases = Promise.all([1, 2, 3].map((seed) => writeCase(files, seed)))

/** Peers that compute in this process. */
const peersHere =
  (inputs: TrainingInputs): TrainingPorts['startPeers'] =>
  async (checkpoint) => {
    const resumeFrom = decodeCheckpoint(checkpoint, 'start')
    const ranks = Array.from({ length: inputs.plan.processes - 1 }, (_, i) => i + 1)
    const peers = ranks.map((rank) =>
      createParallelPeer({ ...inputs, resumeFrom }, { files }, rank),
    )
    let found: PeerGradient[] = []
    return {
      begin: async (step, weights) => {
        found = []
        for (const peer of peers) found.push(await peer.gradient(step, weights))
      },
      collect: async () => found,
      close: () => peers.forEach((peer) => peer.dispose()),
    }
  }

/** Loss curve and final weights of a run of four steps. */
async function train(changes: Partial<TrainingPlan>, peers = false) {
  const plan = smallPlan({ steps: 4, validateEverySteps: 100, ...changes })
  const ports = recordingPorts(files)
  const inputs = inputsFor(plan, await cases)
  const startPeers = peers ? peersHere(inputs) : undefined
  const outcome = await runTraining(inputs, { ...ports, startPeers })
  if (outcome.kind !== 'done') throw new Error(outcome.kind)
  const { tensors } = readSafetensors(files.contents.get(outcome.weightsPath)!, 'weights')
  return { losses: ports.losses, weights: [...tensors.values()].flatMap((t) => [...t.values]) }
}

const furthest = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])))

describe('accumulated batches', () => {
  it('move the weights as one batch of all their patches does, where the loss is a mean over patches', async () => {
    const loss = { dice: 0, crossEntropy: 1 }
    const summed = await train({ accumulate: 4, batchSize: 1, loss })
    const whole = await train({ accumulate: 1, batchSize: 4, loss })
    expect(furthest(summed.losses, whole.losses)).toBeLessThan(2e-6)
    // Adam divides by √v, which makes much of rounding where a gradient is next to nothing.
    expect(furthest(summed.weights, whole.weights)).toBeLessThan(2e-4)
    const single = await train({ accumulate: 1, batchSize: 1, loss })
    expect(furthest(single.weights, whole.weights)).toBeGreaterThan(2e-3)
  })

  it('take the Dice of each batch by itself, and its mean', async () => {
    const summed = await train({ accumulate: 2, batchSize: 1, steps: 1 })
    const whole = await train({ accumulate: 1, batchSize: 2, steps: 1 })
    // The same patches: what differs is Dice over one patch at a time against Dice over both at once.
    expect(Math.abs(summed.losses[0] - whole.losses[0])).toBeGreaterThan(1e-4)
    expect(Math.abs(summed.losses[0] - whole.losses[0])).toBeLessThan(0.1)
  })

  it('go on bit for bit from a checkpoint', async () => {
    const plan = smallPlan({ steps: 6, validateEverySteps: 100, accumulate: 3 })
    const through = recordingPorts(files)
    await runTraining(inputsFor(plan, await cases), through)
    const weights = files.contents.get('/job/weights.safetensors')
    const first = recordingPorts(files, { afterStep: 2, request: 'pause' })
    const paused = await runTraining(inputsFor(plan, await cases), first)
    if (paused.kind !== 'paused') throw new Error(paused.kind)
    const bytes = files.contents.get(paused.checkpointPath)!
    const resumeFrom = decodeCheckpoint(bytes, 'last')
    const second = recordingPorts(files)
    await runTraining(inputsFor(plan, await cases, { resumeFrom }), second)
    expect([...first.losses, ...second.losses]).toEqual(through.losses)
    expect(files.contents.get('/job/weights.safetensors')).toEqual(weights)
  })
})

describe('the share of a process', () => {
  it('sums with the others to what one process finds, to rounding, and leaves no tensor', async () => {
    const before = tf.memory().numTensors
    const shared = await train({ accumulate: 6, processes: 3 }, true)
    expect(tf.memory().numTensors).toBe(before)
    const alone = await train({ accumulate: 6 })
    expect(furthest(shared.losses, alone.losses)).toBeLessThan(2e-5)
    expect(furthest(shared.weights, alone.weights)).toBeLessThan(1e-3)
    const bitEqual = await train({ accumulate: 3, processes: 3 }, true)
    expect(bitEqual).toEqual(await train({ accumulate: 3 }))
  })

  it('is a run of neighbouring batches, all of them once', () => {
    expect([0, 1, 2].map((rank) => partsOf({ accumulate: 6, processes: 3 }, rank))).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ])
  })
})
