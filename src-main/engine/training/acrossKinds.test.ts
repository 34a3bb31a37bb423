import { beforeAll, describe, expect, it } from 'vitest'
import {
  DEFAULT_DISTILLATION,
  LABEL_COUNT,
  SEQUENCES,
  type DistillationConfig,
  type NetworkConfig,
} from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { openBackend } from '../backends/index.ts'
import { preparedCase } from '../data/preparedCase.fixture.ts'
import { buildNetwork } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import { inputsFor, smallPlan } from './trainingRun.fixture.ts'
import { createTrainingState, disposeTrainingState } from './trainingState.ts'
import { observeTeacher, trainStep } from './trainStep.ts'

const SIZE = [16, 16, 16] as const

beforeAll(async () => {
  await openBackend('wasm')
})

const shared = { convolutionsPerLevel: 1, residual: false } as const
const STUDENTS: Record<string, NetworkConfig> = {
  'a MeshNet': {
    ...{ ...shared, kind: 'meshnet', channels: [4], dilations: [1, 2, 4, 1] },
    deepSupervision: false,
  },
  'a U-Net that answers regions': {
    ...{ ...shared, kind: 'unet', channels: [4, 6], deepSupervision: true, head: 'regions' },
  },
}

describe.each(Object.entries(STUDENTS))('%s under a U-Net teacher', (_name, network) => {
  it.each<DistillationConfig>([
    DEFAULT_DISTILLATION.logits,
    DEFAULT_DISTILLATION.hint,
    { ...DEFAULT_DISTILLATION.gkd, gridSize: 2, embedding: 8 },
  ])('learns from it: $strategy', (distillation) => {
    const plan = smallPlan({
      ...{ kind: 'distil', role: 'student', distillation, sequences: ['flair'], steps: 8 },
      network,
    })
    const teacherNetwork = smallPlan().network
    const teacher = {
      network: buildNetwork(teacherNetwork, 4, LABEL_COUNT, randomStream(9, 'teacher')),
      sequences: SEQUENCES,
      window: SIZE,
    }
    const { channels, labels } = preparedCase(SIZE, SEQUENCES, { seed: 1 })
    const batch = {
      ...{ patches: [{ size: SIZE, channels, labels }], sequences: SEQUENCES },
      ...{ caseNames: ['Case 1'], isLabelled: true },
    }
    const state = createTrainingState(inputsFor(plan, [], { teacher }))
    if (state.guide.needsObservation) {
      tf.tidy(() => state.guide.observeTeacher(observeTeacher(state, batch)!, null))
      state.guide.finishObservation()
    }
    const losses = Array.from({ length: 6 }, () => trainStep(state, batch))
    expect(losses.every(({ loss }) => Number.isFinite(loss))).toBe(true)
    const segmentation = ({ terms }: (typeof losses)[number]) => terms.dice + terms.crossEntropy
    expect(segmentation(losses[5])).toBeLessThan(segmentation(losses[0]))
    expect(Object.keys(losses[0].terms).length).toBeGreaterThan(2)
    disposeTrainingState(state)
    teacher.network.dispose()
  })
})
