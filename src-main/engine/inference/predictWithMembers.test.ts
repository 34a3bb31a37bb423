import { beforeAll, describe, expect, it } from 'vitest'
import { LABEL_COUNT } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { openBackend } from '../backends/index.ts'
import { preparedCase } from '../data/preparedCase.fixture.ts'
import { buildUNet } from '../networks/index.ts'
import { predictCase } from './predictCase.ts'
import { predictLogits } from './predictLogits.ts'
import { meanLogProbabilities, predictWithMembers, type Member } from './predictWithMembers.ts'

beforeAll(() => openBackend('wasm'))

const INFERENCE = { stepFraction: 0.5, mirror: false, minEnhancingMl: 0 }
const HOOKS = { afterWindows: async (): Promise<void> => undefined }
const SUBJECT = preparedCase([16, 16, 16], ['flair'])

const member = (seed: number): Member => ({
  network: buildUNet(
    {
      kind: 'unet',
      channels: [4, 6],
      convolutionsPerLevel: 1,
      residual: false,
      deepSupervision: false,
    },
    1,
    LABEL_COUNT,
    randomStream(seed, 'member'),
  ),
  window: [16, 16, 16],
})

describe('an ensemble', () => {
  it('averages its members’ probabilities, not their logits', async () => {
    const members = [member(1), member(2), member(3)]
    const mean = await meanLogProbabilities(members, SUBJECT, INFERENCE, HOOKS)
    const logits = await Promise.all(
      members.map(({ network, window }) =>
        predictLogits(network, SUBJECT, window, INFERENCE, HOOKS),
      ),
    )
    for (const voxel of [0, 1000, 2100, 4095]) {
      const each = logits.map((classes) => {
        const exponentials = classes.map((values) => Math.exp(values[voxel]))
        const sum = exponentials.reduce((a, b) => a + b, 0)
        return exponentials.map((value) => value / sum)
      })
      for (let c = 0; c < LABEL_COUNT; c++) {
        const expected = each.reduce((sum, probabilities) => sum + probabilities[c], 0) / 3
        expect(Math.exp(mean[c][voxel])).toBeCloseTo(expected, 5)
      }
    }
  })

  it('of one network twice answers as the network does, at any temperature', async () => {
    const one = member(4)
    const inference = { ...INFERENCE, temperature: 2.5 }
    const alone = await predictCase(one.network, SUBJECT, one.window, inference, HOOKS)
    const twice = await predictWithMembers([one, one], SUBJECT, inference, HOOKS)
    expect(twice.labels).toEqual(alone.labels)
    twice.uncertainty.forEach((value, i) =>
      expect(Math.abs(value - alone.uncertainty[i])).toBeLessThanOrEqual(1),
    )
    expect(Math.abs(twice.uncertaintyScore - alone.uncertaintyScore)).toBeLessThan(0.01)
  })
})
