import { beforeAll, describe, expect, it } from 'vitest'
import {
  DEFAULT_DISTILLATION,
  LABEL_COUNT,
  SEQUENCES,
  type TrainingPlan,
} from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { openBackend } from '../backends/index.ts'
import { preparedCase } from '../data/preparedCase.fixture.ts'
import { volumeKernels } from '../kernels/index.ts'
import { buildUNet } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import type { Batch } from './batchSource.ts'
import { inputsFor, smallPlan } from './trainingRun.fixture.ts'
import { createTrainingState, disposeTrainingState } from './trainingState.ts'
import { observeTeacher, trainStep } from './trainStep.ts'

beforeAll(async () => {
  await openBackend('wasm')
})

const SIZE = [16, 16, 16] as const
const STEPS = 20

function batch(seed: number): Batch {
  const { channels, labels } = preparedCase(SIZE, SEQUENCES, { seed })
  return {
    patches: [{ size: SIZE, channels, labels }],
    sequences: SEQUENCES,
    caseNames: [`Case ${seed}`],
    isLabelled: true,
  }
}

describe('twenty training steps', () => {
  const { optimiser } = smallPlan()
  const plans: [string, Partial<TrainingPlan>][] = [
    ['AdamW', {}],
    [
      'descent with momentum and an average of the weights',
      {
        optimiser: { ...optimiser, kind: 'sgd', momentum: 0.99, nesterov: true },
        averageDecay: 0.9,
      },
    ],
    ['checkpointing', { checkpointing: true }],
    ['graph distillation', { kind: 'distil', distillation: DEFAULT_DISTILLATION.gkd }],
  ]

  it.each(plans)('leave neither tensors nor memory behind: %s', (_title, changes) => {
    const plan = smallPlan({ sequences: ['flair'], steps: STEPS, ...changes })
    const network = buildUNet(smallPlan().network, 4, LABEL_COUNT, randomStream(9, 'teacher'))
    const teacher = plan.kind === 'distil' ? { network, sequences: SEQUENCES, window: SIZE } : null
    const state = createTrainingState(inputsFor(plan, [], { teacher }))
    if (state.guide.needsObservation) {
      tf.tidy(() => state.guide.observeTeacher(observeTeacher(state, batch(1))!, null))
      state.guide.finishObservation()
    }
    const { heap } = volumeKernels()
    const held: number[][] = []
    for (let step = 1; step <= STEPS; step++) {
      trainStep(state, batch(step % 3))
      held.push([tf.memory().numTensors, heap.usedBytes, heap.reservedBytes])
    }
    disposeTrainingState(state)
    network.dispose()
    // The first steps may set up what every later one uses.
    const [tensors, used, reserved] = held[2]
    for (const later of held.slice(3)) expect(later).toEqual([tensors, used, reserved])
  })
})
