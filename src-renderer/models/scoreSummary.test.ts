import { describe, expect, it } from 'vitest'
import type { CaseScore } from '../../src-main/contract/index.ts'
import { summariseDice } from './scoreSummary.ts'

const scored = (...dice: (number | null)[]): CaseScore[] =>
  dice.map((value, index) => ({
    caseId: `case-${index}`,
    caseName: `Case ${index}`,
    dice: { WT: value, TC: null, ET: null },
    hd95Mm: { WT: null, TC: null, ET: null },
    volumeErrorMl: { WT: 0, TC: 0, ET: 0 },
  }))

describe('summariseDice', () => {
  it('is null where the region is defined in no case', () => {
    expect(summariseDice(scored(0.9), 'ET')).toBeNull()
    expect(summariseDice([], 'WT')).toBeNull()
  })

  // numpy.quantile([0.2, 0.6, 0.7, 0.9], [0.25, 0.5, 0.75]) = [0.5, 0.65, 0.75]
  it('gives mean, median and quartiles as numpy does, leaving undefined cases out', () => {
    const summary = summariseDice(scored(0.9, null, 0.2, 0.7, 0.6), 'WT')
    expect(summary?.values).toEqual([0.2, 0.6, 0.7, 0.9])
    expect(summary?.mean).toBeCloseTo(0.6, 12)
    expect(summary?.lowerQuartile).toBeCloseTo(0.5, 12)
    expect(summary?.median).toBeCloseTo(0.65, 12)
    expect(summary?.upperQuartile).toBeCloseTo(0.75, 12)
  })

  it('takes one case for all five figures', () => {
    expect(summariseDice(scored(0.4), 'WT')).toEqual({
      values: [0.4],
      mean: 0.4,
      lowerQuartile: 0.4,
      median: 0.4,
      upperQuartile: 0.4,
    })
  })
})
