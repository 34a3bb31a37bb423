import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LABEL_COUNT, type ManifestCase } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { openBackend } from '../backends/index.ts'
import { preparedCase } from '../data/preparedCase.fixture.ts'
import type { PreparedCase } from '../data/index.ts'
import { buildUNet, type Network } from '../networks/index.ts'
import { tf } from '../tensor.ts'
import { smallPlan } from './trainingRun.fixture.ts'
import { validateNetwork } from './validateNetwork.ts'

const SIZE = [16, 16, 16] as const
const HOOKS = { afterWindows: async (): Promise<void> => undefined }
let network: Network

beforeAll(async () => {
  await openBackend('wasm')
  const { network: config } = smallPlan()
  network = buildUNet({ ...config, channels: [4, 8] }, 1, LABEL_COUNT, randomStream(4, 'init'))
})
afterAll(() => network.dispose())

const subject = (seed: number, changes: Partial<PreparedCase> = {}): PreparedCase => ({
  ...preparedCase(SIZE, ['flair'], { seed, caseId: `case-${seed}` }),
  ...changes,
})
const validate = (subjects: readonly PreparedCase[]) => {
  const byId = new Map(subjects.map((one) => [one.caseId, one]))
  const cases: ManifestCase[] = subjects.map(({ caseId }) => ({
    caseId,
    name: caseId,
    images: {},
    label: null,
  }))
  return validateNetwork(network, SIZE, cases, async (caseId) => byId.get(caseId)!, HOOKS)
}

/** 0.2 ml in voxels of 1 mm: less enhancing tumour than this is taken for core without enhancement. */
const FEWEST_ENHANCING = 200

/** The class with the largest logit of every voxel of a case that one window covers, as a prediction shows it. */
function segment({ channels }: PreparedCase): number[] {
  const logits = tf.tidy(() =>
    network.forward(tf.tensor5d(channels[0], [1, ...SIZE, 1])).logits[0].dataSync(),
  )
  const classes = Array.from({ length: 4096 }, (_, voxel) => {
    const row = [...logits.slice(voxel * LABEL_COUNT, (voxel + 1) * LABEL_COUNT)]
    return row.indexOf(Math.max(...row))
  })
  const isStray = classes.filter((label) => label === 3).length < FEWEST_ENHANCING
  return classes.map((label) => (isStray && label === 3 ? 1 : label))
}

const MEMBERS = { WT: [1, 2, 3], TC: [1, 3], ET: [3] }

function diceByHand(one: PreparedCase, region: keyof typeof MEMBERS): number {
  const inside = (label: number): boolean => MEMBERS[region].includes(label)
  let [both, sum] = [0, 0]
  segment(one).forEach((predicted, voxel) => {
    const reference = inside(one.labels![voxel])
    sum += Number(inside(predicted)) + Number(reference)
    both += Number(inside(predicted) && reference)
  })
  return (2 * both) / sum
}

describe('validating a network', () => {
  it('is the mean over cases of each region’s Dice, and their mean', async () => {
    const subjects = [subject(1), subject(2)]
    const expected = (region: keyof typeof MEMBERS): number =>
      (diceByHand(subjects[0], region) + diceByHand(subjects[1], region)) / 2
    const { dice, meanDice } = await validate(subjects)
    expect(expected('WT')).toBeGreaterThan(0.05)
    expect(dice.WT).toBeCloseTo(expected('WT'), 12)
    expect(dice.TC).toBeCloseTo(expected('TC'), 12)
    expect(dice.ET).toBeCloseTo(expected('ET'), 12)
    expect(meanDice).toBeCloseTo((expected('WT') + expected('TC') + expected('ET')) / 3, 12)
  })

  it('passes over cases without a label', async () => {
    const unlabelled = subject(3, { labels: null, foreground: [] })
    expect(await validate([subject(1), unlabelled])).toEqual(await validate([subject(1)]))
  })

  it('has no score without any label', async () => {
    const score = await validate([subject(1, { labels: null, foreground: [] })])
    expect(score).toEqual({ dice: { WT: null, TC: null, ET: null }, meanDice: null })
  })

  it('leaves a region that neither drawing has out of the mean', async () => {
    const healthy = subject(1)
    const truth = Uint8Array.from(segment(healthy), (label) => (label === 3 ? 0 : label))
    const blind: Network = {
      ...network,
      // As the network, but never class 3.
      forward: (input) => {
        const output = network.forward(input)
        const never = tf.tensor1d([0, 0, 0, -1e6])
        return { ...output, logits: output.logits.map((x) => tf.add(x, never) as tf.Tensor5D) }
      },
    }
    const { dice, meanDice } = await validateNetwork(
      blind,
      SIZE,
      [{ caseId: 'case-1', name: 'case-1', images: {}, label: null }],
      async () => ({ ...healthy, labels: truth }),
      HOOKS,
    )
    expect(dice.ET).toBeNull()
    expect(dice.WT).toBeGreaterThan(0)
    expect(meanDice).toBeCloseTo((dice.WT! + dice.TC!) / 2, 12)
  })

  it('takes stray enhancing voxels for core, as a prediction does', async () => {
    const healthy = subject(1)
    const truth = healthy.labels!.map((label) => (label === 3 ? 1 : label))
    const stray = truth.slice().fill(3, 0, FEWEST_ENHANCING - 1)
    const answering: Network = {
      ...network,
      forward: () => {
        const oneHot = tf.oneHot(tf.tensor1d(Int32Array.from(stray), 'int32'), LABEL_COUNT)
        const logits = tf.reshape<tf.Rank.R5>(tf.cast(oneHot, 'float32'), [1, ...SIZE, LABEL_COUNT])
        return { logits: [logits], taps: {} }
      },
    }
    const { dice } = await validateNetwork(
      answering,
      SIZE,
      [{ caseId: 'case-1', name: 'case-1', images: {}, label: null }],
      async () => ({ ...healthy, labels: truth }),
      HOOKS,
    )
    expect(dice.ET).toBeNull()
    expect(dice.TC).toBeLessThan(1)
  })

  it('keeps no tensor', async () => {
    const before = tf.memory().numTensors
    await validate([subject(1)])
    expect(tf.memory().numTensors).toBe(before)
  })
})
