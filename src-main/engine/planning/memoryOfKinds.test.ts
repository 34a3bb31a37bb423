import { describe, expect, it } from 'vitest'
import { SEQUENCES, type NetworkConfig } from '../../contract/index.ts'
import { preparedCase } from '../data/preparedCase.fixture.ts'
import { hasRelaxedSimd, registerSharedMemoryBackend } from '../kernels/index.ts'
import { tf } from '../tensor.ts'
import { inputsFor, smallPlan } from '../training/trainingRun.fixture.ts'
import { createTrainingState, disposeTrainingState } from '../training/trainingState.ts'
import { trainStep } from '../training/trainStep.ts'
import { estimateTrainingMemory, sumOfParts } from './memoryEstimate.ts'

const SIZE = [32, 32, 32] as const

/** Bytes of tensors at the peak of the second step, by the heap itself, over what was counted. */
async function heldOverCounted(network: NetworkConfig): Promise<number> {
  const options = { threads: 1, relaxedSimd: hasRelaxedSimd() }
  tf.removeBackend(registerSharedMemoryBackend(options))
  await tf.setBackend(registerSharedMemoryBackend(options))
  const { heap } = (
    tf.backend() as unknown as { module: { heap: { peakBytes: number; usedBytes: number } } }
  ).module
  const plan = smallPlan({ network, sequences: SEQUENCES.slice(0, 2), patchSize: [...SIZE] })
  const before = heap.usedBytes
  const state = createTrainingState(inputsFor(plan, []))
  const { channels, labels, sequences } = preparedCase(SIZE, plan.sequences, { seed: 1 })
  for (let step = 0; step < 2; step++) {
    trainStep(state, {
      patches: [{ size: SIZE, channels, labels }],
      sequences,
      caseNames: ['a'],
      isLabelled: true,
    })
  }
  const parts = estimateTrainingMemory(plan, 'wasm', null)
  const held = heap.peakBytes - before
  expect(sumOfParts(parts) - parts.program).toBeGreaterThan(held)
  disposeTrainingState(state)
  return held / (sumOfParts(parts) - parts.workspace - parts.program)
}

const shared = { convolutionsPerLevel: 1, residual: false, deepSupervision: false } as const

describe('the count of a training step’s tensors', () => {
  it.each<NetworkConfig>([
    { ...shared, kind: 'resenc', channels: [8, 12, 16], blocks: [1, 2, 3] },
    { ...shared, kind: 'vnet', channels: [6, 12, 12], blocks: [1, 2, 2] },
    { ...shared, kind: 'meshnet', channels: [5], dilations: [1, 2, 4, 1] },
  ])('is within 12 %% of the measured heap: $kind', async (network) => {
    expect(Math.abs((await heldOverCounted(network)) - 1)).toBeLessThan(0.12)
  })
})
