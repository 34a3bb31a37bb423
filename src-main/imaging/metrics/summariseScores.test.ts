import { expect, it } from 'vitest'
import type { LabelmapScore } from './scoreLabelmaps.ts'
import { summariseScores } from './summariseScores.ts'

const score = (et: number | null, hd: number | null): LabelmapScore => ({
  dice: { WT: 0.8, TC: 0.6, ET: et },
  hd95Mm: { WT: 2, TC: 4, ET: hd },
  volumeErrorMl: { WT: 0, TC: 0, ET: 0 },
})

it('leaves undefined values out of the mean and counts their cases', () => {
  const summary = summariseScores([score(0.5, 3), score(null, null), score(0, null)])
  expect(summary.meanDice).toEqual({
    WT: expect.closeTo(0.8, 12),
    TC: expect.closeTo(0.6, 12),
    ET: 0.25,
  })
  expect(summary.meanHd95Mm).toEqual({ WT: 2, TC: 4, ET: 3 })
  expect(summary.undefinedCases).toEqual({ WT: 0, TC: 0, ET: 2 })
})

it('has no mean for no cases', () => {
  expect(summariseScores([]).meanDice).toEqual({ WT: null, TC: null, ET: null })
  expect(summariseScores([score(null, null)]).meanHd95Mm.ET).toBeNull()
})
