import { beforeAll, describe, expect, it } from 'vitest'
import { LABEL_COUNT } from '../../contract/index.ts'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { openBackend } from '../backends/index.ts'
import { ALL_MIRRORS, mirror, type PreparedCase } from '../data/index.ts'
import { preparedCase } from '../data/preparedCase.fixture.ts'
import { buildUNet } from '../networks/index.ts'
import { mostProbableLabels } from './mostProbableLabels.ts'
import { predictLogits } from './predictLogits.ts'
import { predictWithMembers, type Member } from './predictWithMembers.ts'
import { voteEntropy } from './voteEntropy.ts'

beforeAll(() => openBackend('wasm'))

const INFERENCE = { stepFraction: 0.5, mirror: false, minEnhancingMl: 0 }
const HOOKS = { afterWindows: async (): Promise<void> => undefined }
const SIZE = [16, 16, 16] as const
const SUBJECT = preparedCase([...SIZE], ['flair'])

const member = (): Member => ({
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
    randomStream(1, 'member'),
  ),
  window: [...SIZE],
})

describe('agreement of mirrored views', () => {
  it('is the entropy of the votes that the mirrored cases give', async () => {
    const one = member()
    const counts = Array.from({ length: 16 ** 3 }, () => [0, 0, 0, 0])
    for (const axes of ALL_MIRRORS) {
      const seen: PreparedCase = {
        ...SUBJECT,
        channels: SUBJECT.channels.map((channel) => mirror(channel, SIZE, axes)),
      }
      const logits = await predictLogits(one.network, seen, one.window, INFERENCE, HOOKS)
      mirror(mostProbableLabels(logits), SIZE, axes).forEach((label, i) => counts[i][label]++)
    }
    const expected = counts.map(
      (votes) =>
        votes.reduce((sum, n) => sum - (n > 0 ? (n / 8) * Math.log(n / 8) : 0), 0) / Math.log(4),
    )
    const entropy = await voteEntropy([one], SUBJECT, INFERENCE, HOOKS)
    expect(Math.max(...expected)).toBeGreaterThan(0.2)
    const worst = Math.max(...expected.map((value, i) => Math.abs(entropy[i] - 255 * value)))
    expect(worst).toBeLessThanOrEqual(1)
  })

  it('takes the place of the map where asked for, and changes no label', async () => {
    const members = [member()]
    const plain = await predictWithMembers(members, SUBJECT, INFERENCE, HOOKS)
    const asked = { ...INFERENCE, agreement: true }
    const voted = await predictWithMembers(members, SUBJECT, asked, HOOKS)
    expect(voted.labels).toEqual(plain.labels)
    expect(voted.uncertainty).not.toEqual(plain.uncertainty)
  })
})
