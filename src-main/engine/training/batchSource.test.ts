import { describe, expect, it } from 'vitest'
import type { ManifestCase } from '../../contract/index.ts'
import { preparedCase } from '../data/preparedCase.fixture.ts'
import { createBatchSource } from './batchSource.ts'
import { smallPlan } from './trainingRun.fixture.ts'

const manifestCase = (caseId: string, isLabelled = true): ManifestCase => ({
  caseId,
  name: caseId,
  images: {},
  label: isLabelled ? { path: `${caseId}.nii`, convention: 'et4' } : null,
})
const reader = {
  get: async (caseId: string) => {
    const subject = preparedCase([8, 8, 8], ['flair'], { caseId })
    return caseId.startsWith('bare') ? { ...subject, labels: null, foreground: [] } : subject
  },
  prefetch: () => undefined,
}
const plan = smallPlan({ sequences: ['flair'], patchSize: [4, 4, 4] })

describe('the batches of a run', () => {
  it('depend on plan and step only, not on what was drawn before', async () => {
    const pools = { training: ['a', 'b', 'c'].map((id) => manifestCase(id)), corrected: [] }
    const source = createBatchSource(plan, pools, reader)
    const late = await source.draw(7)
    await source.draw(0)
    expect(await createBatchSource(plan, pools, reader).draw(7)).toEqual(late)
    expect(await source.draw(8)).not.toEqual(late)
  })

  it('mix corrected and replayed cases in the asked proportion', async () => {
    const mixed = smallPlan({
      ...plan,
      kind: 'finetune',
      batchSize: 4,
      finetune: { correctedCaseIds: ['new-one'], replayFraction: 0.25, retainWeight: 1 },
    })
    const pools = {
      training: ['a', 'b', 'c', 'd'].map((id) => manifestCase(id)),
      corrected: [manifestCase('new-one')],
    }
    const source = createBatchSource(mixed, pools, reader)
    let [corrected, total] = [0, 0]
    for (let step = 0; step < 250; step++) {
      for (const name of (await source.draw(step)).caseNames) {
        total++
        if (name === 'new-one') corrected++
      }
    }
    // Four standard errors of a share of 0.75 in 1000 draws.
    expect(Math.abs(corrected / total - 0.75)).toBeLessThan(4 * Math.sqrt(0.1875 / 1000))
  })

  it('never mix labelled and unlabelled cases', async () => {
    const pools = {
      training: [manifestCase('a'), manifestCase('b'), manifestCase('bare-c', false)],
      corrected: [],
    }
    const source = createBatchSource({ ...plan, batchSize: 3 }, pools, reader)
    const kinds = new Set<boolean>()
    for (let step = 0; step < 40; step++) {
      const batch = await source.draw(step)
      kinds.add(batch.isLabelled)
      expect(new Set(batch.patches.map((patch) => patch.labels === null)).size).toBe(1)
    }
    expect(kinds.size).toBe(2)
  })
})
