import { beforeAll, describe, expect, it } from 'vitest'
import {
  DEFAULT_DISTILLATION,
  LABEL_COUNT,
  SEQUENCES,
  type NetworkConfig,
  type TrainingPlan,
} from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { openBackend } from '../backends/index.ts'
import { preparedCase } from '../data/preparedCase.fixture.ts'
import { buildUNet } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import type { Batch } from './batchSource.ts'
import { inputsFor, smallPlan } from './trainingRun.fixture.ts'
import { createTrainingState, disposeTrainingState } from './trainingState.ts'
import { batchGradient, observeTeacher, trainStep } from './trainStep.ts'

beforeAll(async () => {
  await openBackend('wasm')
})

const SIZE = [16, 16, 16] as const

function batch(seed: number): Batch {
  const { channels, labels } = preparedCase(SIZE, SEQUENCES, { seed })
  return {
    patches: [{ size: SIZE, channels, labels }],
    sequences: SEQUENCES,
    caseNames: [`Case ${seed}`],
    isLabelled: true,
  }
}

function gradientsOf(changes: Partial<TrainingPlan>): Map<string, Float32Array> {
  const plan = smallPlan({ sequences: ['flair'], ...changes })
  const isTaught = plan.kind === 'distil'
  const network = { ...plan.network, residual: false }
  const teacher = isTaught
    ? {
        network: buildUNet(network, 4, LABEL_COUNT, randomStream(9, 'teacher')),
        sequences: SEQUENCES,
        window: SIZE,
      }
    : null
  const state = createTrainingState(inputsFor(plan, [], { teacher }))
  if (state.guide.needsObservation) {
    tf.tidy(() => state.guide.observeTeacher(observeTeacher(state, batch(1))!, null))
    state.guide.finishObservation()
  }
  // A second step, so that guides whose first one only measures have begun to pull.
  trainStep(state, batch(1))
  const { gradients } = batchGradient(state, batch(2))
  const values = new Map(
    [...gradients].map(([name, tensor]) => [name, tensor.dataSync() as Float32Array]),
  )
  tf.dispose([...gradients.values()])
  disposeTrainingState(state)
  teacher?.network.dispose()
  return values
}

describe('gradient checkpointing', () => {
  const network = smallPlan().network
  const settings: [string, Partial<TrainingPlan>][] = [
    ['deep supervision', {}],
    [
      'one head, two convolutions a level',
      {
        network: { ...network, deepSupervision: false, convolutionsPerLevel: 2 },
      },
    ],
    [
      'graph distillation, which reads every level',
      {
        kind: 'distil',
        distillation: DEFAULT_DISTILLATION.gkd,
      },
    ],
  ]

  it.each(settings)('gives the bits of the plain pass: %s', (_title, changes) => {
    const plain = gradientsOf(changes)
    const checkpointed = gradientsOf({ ...changes, checkpointing: true })
    expect([...checkpointed.keys()]).toEqual([...plain.keys()])
    for (const [name, values] of plain) expect(checkpointed.get(name), name).toEqual(values)
    expect([...plain.values()].some((values) => values.some((value) => value !== 0))).toBe(true)
  })

  // There a level sums its input's gradients before they meet those of other levels.
  it.each<[string, Partial<NetworkConfig>]>([
    ['U-Net', { residual: true }],
    ['residual encoder', { kind: 'resenc', blocks: [1, 2, 1] }],
    ['V-Net', { kind: 'vnet', blocks: [1, 2, 1] }],
    ['MeshNet', { kind: 'meshnet', deepSupervision: false, channels: [5], dilations: [1, 2, 1] }],
  ])('agrees to rounding where levels have shortcuts: %s', (_title, changes) => {
    const other = { network: { ...network, ...changes } }
    const plain = gradientsOf(other)
    const checkpointed = gradientsOf({ ...other, checkpointing: true })
    for (const [name, values] of plain) {
      const scale = Math.hypot(...values)
      const difference = values.map((value, i) => value - checkpointed.get(name)![i])
      expect(Math.hypot(...difference) / scale, name).toBeLessThan(1e-5)
    }
  })

  it('holds fewer bytes, and none from step to step', () => {
    const peak = (checkpointing: boolean): { bytes: number; counts: number[] } => {
      const { heap } = (tf.backend() as unknown as { module: { heap: HeapFigures } }).module
      const plan = smallPlan({ network: { ...network, convolutionsPerLevel: 3 }, checkpointing })
      const state = createTrainingState(inputsFor(plan, []))
      let bytes = 0
      const allocate = heap.allocate.bind(heap)
      heap.allocate = (size) => {
        const address = allocate(size)
        bytes = Math.max(bytes, heap.usedBytes)
        return address
      }
      const before = heap.usedBytes
      const counts = [1, 2, 3].map((seed) => {
        trainStep(state, batch(seed))
        return tf.memory().numTensors
      })
      heap.allocate = allocate
      disposeTrainingState(state)
      return { bytes: bytes - before, counts }
    }
    const plain = peak(false)
    const checkpointed = peak(true)
    expect(checkpointed.bytes).toBeLessThan(0.7 * plain.bytes)
    expect(new Set(checkpointed.counts).size).toBe(1)
  })
})

interface HeapFigures {
  allocate: (bytes: number) => number
  readonly usedBytes: number
}
