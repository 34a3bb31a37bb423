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
import { buildUNet, readParameters } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import type { Batch } from './batchSource.ts'
import { createTrainingState, disposeTrainingState, type TrainingState } from './trainingState.ts'
import { inputsFor, smallPlan } from './trainingRun.fixture.ts'
import { observeTeacher, trainStep } from './trainStep.ts'

beforeAll(async () => {
  await openBackend('wasm')
})

const SIZE = [16, 16, 16] as const

const network = (channels: number[], deepSupervision: boolean): TrainingPlan['network'] => ({
  ...smallPlan().network,
  channels,
  deepSupervision,
})

function batch(seed = 1, damage: (channels: Float32Array[]) => void = () => undefined): Batch {
  const subject = preparedCase(SIZE, SEQUENCES, { seed, caseId: `case-${seed}` })
  const channels = subject.channels.map((channel) => channel.slice())
  damage(channels)
  return {
    patches: [{ size: SIZE, channels, labels: subject.labels }],
    sequences: SEQUENCES,
    caseNames: [subject.name],
    isLabelled: true,
  }
}

/** A state whose guide, where it has one, has seen the teacher. */
function start(changes: Partial<TrainingPlan>, isTaught = false) {
  const plan = smallPlan({ network: network([4, 8], false), sequences: ['flair'], ...changes })
  const teacher = isTaught
    ? {
        network: buildUNet(network([4, 8], false), 4, LABEL_COUNT, randomStream(9, 'teacher')),
        sequences: SEQUENCES,
        window: SIZE,
      }
    : null
  const state = createTrainingState(inputsFor(plan, [], { teacher }))
  if (state.guide.needsObservation) {
    tf.tidy(() => state.guide.observeTeacher(observeTeacher(state, batch())!, null))
    state.guide.finishObservation()
  }
  const end = (): void => {
    disposeTrainingState(state)
    teacher?.network.dispose()
  }
  return { state, end }
}

describe('the tensors of a step', () => {
  const plans: [string, Partial<TrainingPlan>][] = [
    ...Object.values(DEFAULT_DISTILLATION).map((config): [string, Partial<TrainingPlan>] => [
      config.strategy,
      { kind: 'distil', distillation: config },
    ]),
    [
      'gkd, region nodes',
      { kind: 'distil', distillation: { ...DEFAULT_DISTILLATION.gkd, nodes: 'regions' } },
    ],
  ]

  it.each(plans)('do not add up: %s', (_name, changes) => {
    const before = tf.memory().numTensors
    const { state, end } = start(changes, true)
    const counts = [1, 2, 3].map((seed) => {
      trainStep(state, batch(seed))
      return tf.memory().numTensors
    })
    expect(counts).toEqual([counts[0], counts[0], counts[0]])
    // Whatever stays between two steps is a variable, a moment, or what the guide froze and recorded.
    end()
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('a batch that is not a number', () => {
  it('is named, and leaves weights, moments and step as they were', async () => {
    const { state, end } = start({})
    trainStep(state, batch(1))
    const everything = async (state: TrainingState): Promise<unknown> => ({
      weights: await readParameters(state.network.parameters),
      moments: await state.optimiser.moments(),
      updates: state.optimiser.updates,
      step: state.step,
      tensors: tf.memory().numTensors,
    })
    const before = await everything(state)
    const damaged = batch(7, ([flair]) => flair.fill(NaN, 100, 101))
    expect(() => trainStep(state, damaged)).toThrow(
      'The loss of step 2 is not a number. Its patches came from case-7.',
    )
    expect(await everything(state)).toEqual(before)
    trainStep(state, batch(1))
    expect(await everything(state)).not.toEqual(before)
    end()
  })
})

/** Cross-entropy and soft Dice of one level in plain loops. */
function lossByHand(
  logits: Float32Array,
  labels: Uint8Array,
): { crossEntropy: number; dice: number } {
  const [both, mass] = [new Float64Array(LABEL_COUNT), new Float64Array(LABEL_COUNT)]
  let entropy = 0
  labels.forEach((label, voxel) => {
    const row = logits.subarray(voxel * LABEL_COUNT, (voxel + 1) * LABEL_COUNT)
    const exponentials = Array.from(row, Math.exp)
    const sum = exponentials.reduce((a, b) => a + b)
    exponentials.forEach((value, c) => {
      mass[c] += value / sum + (label === c ? 1 : 0)
      if (label === c) both[c] += value / sum
    })
    entropy -= Math.log(exponentials[label] / sum)
  })
  const ratios = [1, 2, 3].map((c) => (2 * both[c] + 1e-5) / (mass[c] + 1e-5))
  return {
    crossEntropy: entropy / labels.length,
    dice: 1 - ratios.reduce((a, b) => a + b) / ratios.length,
  }
}

/** Every second voxel along each axis. */
const halved = (labels: Uint8Array): Uint8Array =>
  labels.filter((_, i) => i % 2 === 0 && (i >> 4) % 2 === 0 && (i >> 8) % 2 === 0)

describe('the loss of a step', () => {
  const losses = (deepSupervision: boolean) => {
    const { state, end } = start({
      network: network([4, 6, 8], deepSupervision),
      loss: { dice: 0.5, crossEntropy: 2 },
    })
    const one = batch()
    const input = tf.tensor5d(one.patches[0].channels[SEQUENCES.indexOf('flair')], [1, ...SIZE, 1])
    const logits = state.network.forward(input).logits.map((x) => x.dataSync() as Float32Array)
    const labels = one.patches[0].labels!
    const levels = [labels, halved(labels)].slice(0, logits.length)
    const byHand = levels.map((level, i) => lossByHand(logits[i], level))
    const record = trainStep(state, one)
    end()
    return { byHand, record, totals: byHand.map((x) => 0.5 * x.dice + 2 * x.crossEntropy) }
  }

  it('is the finest output’s without deep supervision', () => {
    const { byHand, record, totals } = losses(false)
    expect(totals).toHaveLength(1)
    expect(record.loss).toBeCloseTo(totals[0], 4)
    expect(record.terms.dice).toBeCloseTo(byHand[0].dice, 5)
    expect(record.terms.crossEntropy).toBeCloseTo(byHand[0].crossEntropy, 5)
  })

  it('weighs the outputs 2 : 1 with deep supervision, and reports the finest', () => {
    const { byHand, record, totals } = losses(true)
    expect(totals).toHaveLength(2)
    expect(Math.abs(totals[0] - totals[1])).toBeGreaterThan(0.01)
    expect(record.loss).toBeCloseTo((2 * totals[0] + totals[1]) / 3, 4)
    expect(record.terms.dice).toBeCloseTo(byHand[0].dice, 5)
  })
})

describe('the learning rate of a step', () => {
  it('rises in the warm-up and falls to the last step', () => {
    const { state, end } = start({ steps: 6 })
    const rates = [1, 2, 3, 4, 5, 6].map((seed) => trainStep(state, batch(seed)).learningRate)
    const poly = [0, 1, 2, 3].map((done) => 0.01 * (1 - done / 4) ** 0.9)
    ;[0.005, 0.01, ...poly].forEach((rate, step) => expect(rates[step]).toBeCloseTo(rate, 12))
    expect(state.step).toBe(6)
    end()
  })
})
