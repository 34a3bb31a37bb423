import { describe, expect, it } from 'vitest'
import { DEFAULT_DISTILLATION, LABEL_COUNT, SEQUENCES } from '../../contract/index.ts'
import type { MemoryParts, NetworkConfig } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { preparedCase } from '../data/preparedCase.fixture.ts'
import { hasRelaxedSimd, registerSharedMemoryBackend } from '../kernels/index.ts'
import { buildUNet, parameterCount } from '../networks/index.ts'
import { countParameters } from '../networks/countParameters.ts'
import { tf } from '../tensor.ts'
import { inputsFor, smallPlan } from '../training/trainingRun.fixture.ts'
import { createTrainingState, disposeTrainingState } from '../training/trainingState.ts'
import { trainStep } from '../training/trainStep.ts'
import { estimateTrainingMemory, largestPatchThatFits, sumOfParts } from './memoryEstimate.ts'

interface Setting {
  readonly channels: number[]
  readonly convolutions: number
  readonly residual: boolean
  readonly deepSupervision: boolean
  readonly sequences: number
  readonly edge: number
  readonly batchSize: number
}

const networkOf = (setting: Setting): NetworkConfig => ({
  kind: 'unet',
  channels: setting.channels,
  convolutionsPerLevel: setting.convolutions,
  residual: setting.residual,
  deepSupervision: setting.deepSupervision,
})
const planOf = (setting: Setting) =>
  smallPlan({
    network: networkOf(setting),
    sequences: SEQUENCES.slice(0, setting.sequences),
    patchSize: [setting.edge, setting.edge, setting.edge],
    batchSize: setting.batchSize,
  })
/** Without what is not a tensor: scratch and the program. */
const tensorsOf = (parts: MemoryParts): number =>
  sumOfParts(parts) - parts.workspace - parts.program

const setting = (
  channels: number[],
  [convolutions, sequences, edge, batchSize]: readonly [number, number, number, number],
  flags: { readonly residual?: boolean; readonly deepSupervision?: boolean } = {},
): Setting => ({
  ...{ channels, convolutions, sequences, edge, batchSize },
  residual: flags.residual ?? false,
  deepSupervision: flags.deepSupervision ?? false,
})
const DEEP = { deepSupervision: true }
const RESIDUAL = { residual: true, deepSupervision: true }

/** Bytes of the shared heap at the peak of a training step, measured with bench/memoryEstimate.ts. */
const MEASURED: [Setting, number][] = [
  [setting([12, 24, 48, 96], [1, 4, 48, 1], DEEP), 131_567_168],
  [setting([12, 24, 48, 96], [1, 4, 48, 1]), 128_656_704],
  [setting([12, 24, 48, 96], [1, 1, 48, 1], DEEP), 130_164_672],
  [setting([12, 24, 48, 96], [1, 4, 48, 2], DEEP), 256_897_600],
  [setting([12, 24, 48, 96], [2, 4, 48, 1], DEEP), 194_247_296],
  [setting([12, 24, 48, 96], [2, 4, 48, 1], RESIDUAL), 287_093_696],
  [setting([16, 32, 64, 128, 192], [2, 4, 80, 1], RESIDUAL), 1_763_037_184],
  [setting([8, 16, 32, 64, 80, 80], [2, 4, 64, 1], DEEP), 330_299_904],
]

/** The same where levels are computed again in the backward pass. */
const MEASURED_CHECKPOINTED: [Setting, number][] = [
  [setting([12, 24, 48, 96], [1, 4, 48, 1], DEEP), 90_310_528],
  [setting([12, 24, 48, 96], [2, 4, 48, 1], DEEP), 116_513_920],
  [setting([12, 24, 48, 96], [2, 4, 48, 1], RESIDUAL), 159_129_024],
  [setting([8, 16, 32, 64, 80, 80], [2, 4, 64, 1], DEEP), 201_983_360],
  [setting([16, 32, 64, 128, 192], [2, 4, 64, 1], RESIDUAL), 519_259_840],
]

describe('the count of a training step’s tensors', () => {
  it.each(MEASURED)('is within 1 %% of the measured heap: %o', (measured, bytes) => {
    const counted = tensorsOf(estimateTrainingMemory(planOf(measured), 'wasm', null))
    expect(Math.abs(counted / bytes - 1)).toBeLessThan(0.01)
  })

  it.each(MEASURED_CHECKPOINTED)('is within 5 %% with checkpointing: %o', (measured, bytes) => {
    const plan = { ...planOf(measured), checkpointing: true }
    const counted = tensorsOf(estimateTrainingMemory(plan, 'wasm', null))
    expect(Math.abs(counted / bytes - 1)).toBeLessThan(0.05)
  })

  it.each([
    [false, 0.03],
    [true, 0.08],
  ])('is what the heap holds now, checkpointing %s', async (checkpointing, tolerance) => {
    const tried = setting([8, 12, 16], [2, 2, 32, 1], RESIDUAL)
    const options = { threads: 1, relaxedSimd: hasRelaxedSimd() }
    tf.removeBackend(registerSharedMemoryBackend(options))
    await tf.setBackend(registerSharedMemoryBackend(options))
    const { heap } = (
      tf.backend() as unknown as { module: { heap: { peakBytes: number; usedBytes: number } } }
    ).module
    const plan = { ...planOf(tried), checkpointing }
    const before = heap.usedBytes
    const state = createTrainingState(inputsFor(plan, []))
    const subject = preparedCase([32, 32, 32], plan.sequences, { seed: 1 })
    const { channels, labels, sequences } = subject
    for (let step = 0; step < 2; step++) {
      trainStep(state, {
        patches: [{ size: [32, 32, 32], channels, labels }],
        sequences,
        caseNames: ['a'],
        isLabelled: true,
      })
    }
    const parts = estimateTrainingMemory(plan, 'wasm', null)
    const held = heap.peakBytes - before
    expect(Math.abs(tensorsOf(parts) / held - 1)).toBeLessThan(tolerance)
    expect(sumOfParts(parts) - parts.program).toBeGreaterThan(held)
    disposeTrainingState(state)
  })
})

describe('the count of parameters', () => {
  it.each([
    setting([12, 24, 48], [1, 4, 8, 1], DEEP),
    setting([8, 8, 16], [2, 1, 8, 1], RESIDUAL),
    setting([6, 10], [3, 2, 8, 1], { residual: true }),
  ])('is that of the network that is built: %o', (tried) => {
    const config = networkOf(tried)
    const network = buildUNet(config, tried.sequences, LABEL_COUNT, randomStream(1, 'init'))
    expect(countParameters(config, tried.sequences, LABEL_COUNT)).toBe(
      parameterCount(network.parameters),
    )
    network.dispose()
  })
})

describe('the estimate', () => {
  const compact = planOf(setting([12, 24, 48, 96], [1, 4, 48, 1], DEEP))
  const total = (changes: Partial<typeof compact>, backend: 'wasm' | 'tensorflow' = 'wasm') =>
    sumOfParts(estimateTrainingMemory({ ...compact, ...changes }, backend, null))

  it('grows with patch and batch, by a gradient with accumulation, and shrinks with checkpointing', () => {
    const activations = (patchSize: [number, number, number]): number =>
      estimateTrainingMemory({ ...compact, patchSize }, 'wasm', null).activations
    expect(activations([96, 96, 96])).toBe(8 * activations([48, 48, 48]))
    expect(total({ batchSize: 2 })).toBeGreaterThan(total({}))
    const weights = estimateTrainingMemory(compact, 'wasm', null).weights
    expect(total({ accumulate: 4 }) - total({})).toBeCloseTo(1.15 * weights, -2)
    expect(total({ checkpointing: true })).toBeLessThan(total({}))
  })

  it('counts the teacher, and what its guidance adds', () => {
    const teacher = { network: compact.network, sequences: SEQUENCES }
    const alone = estimateTrainingMemory(compact, 'wasm', null)
    const guided = estimateTrainingMemory(
      { ...compact, distillation: DEFAULT_DISTILLATION.gkd },
      'wasm',
      teacher,
    )
    expect(guided.teacher).toBe(alone.weights)
    // Measured: 171 values a voxel more than without a guide.
    const added = (guided.activations - alone.activations) / 4 / 48 ** 3
    expect(added / 171).toBeGreaterThan(0.9)
    expect(added / 171).toBeLessThan(1.15)
  })

  it('finds the largest patch of the same shape that fits, in multiples of the network’s divisor', () => {
    const plan = { ...compact, patchSize: [96, 96, 48] as [number, number, number] }
    const under = (bytes: number) => (parts: MemoryParts) => sumOfParts(parts) <= bytes
    const patch = largestPatchThatFits(plan, 'wasm', null, under(600e6))!
    expect(patch.every((n) => n % 8 === 0)).toBe(true)
    const next: [number, number, number] = [patch[0] + 8, patch[1] + 8, patch[2] + 8]
    expect(total({ patchSize: patch })).toBeLessThanOrEqual(600e6)
    expect(total({ patchSize: next })).toBeGreaterThan(600e6)
    expect(patch[0]).toBe(patch[1])
    expect(largestPatchThatFits(plan, 'wasm', null, under(1e6))).toBeNull()
    expect(largestPatchThatFits(plan, 'wasm', null, under(1e12))).toEqual([96, 96, 48])
  })
})
