import { describe, expect, it } from 'vitest'
import { SEQUENCES, type CaseSummary, type Sequence } from '../../../src-main/contract/index.ts'
import { poolSizes } from './poolSizes.ts'

const found = (changes: Partial<CaseSummary> = {}) => ({
  datasetId: 'own',
  split: 'train' as const,
  sequences: [...SEQUENCES],
  versionCount: 0,
  ...changes,
})

const reader = (sequences: readonly Sequence[], acceptsMissing = false) => [
  { sequences, network: { acceptsMissing } },
]

describe('the sizes of possible pools', () => {
  it('count training cases with every sequence', () => {
    const cases = [
      found({ datasetId: 'other' }),
      found({ datasetId: 'other', split: 'test' }),
      found({ datasetId: 'other', split: 'none' }),
      found({ datasetId: 'other', sequences: ['flair', 't1'] }),
    ]
    expect(poolSizes(cases, 'own', reader(SEQUENCES))).toEqual(new Map([['other', 1]]))
    expect(poolSizes(cases, 'own', reader(['flair']))).toEqual(new Map([['other', 2]]))
    // A teacher that does without some reads them all.
    expect(poolSizes(cases, 'own', reader(SEQUENCES, true))).toEqual(new Map([['other', 2]]))
  })

  it('leave out labelled cases of the data set that is learned from, and of no other', () => {
    const cases = [found(), found({ versionCount: 1 }), found({ datasetId: 'b', versionCount: 2 })]
    expect(poolSizes(cases, 'own', reader(SEQUENCES))).toEqual(
      new Map([
        ['own', 1],
        ['b', 1],
      ]),
    )
  })

  it('are none without cases', () => {
    expect(poolSizes([], undefined, reader(SEQUENCES)).size).toBe(0)
  })
})
