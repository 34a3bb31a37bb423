import { describe, expect, it } from 'vitest'
import type { CaseScore } from '../../contract/index.ts'
import { bootstrapInterval } from './bootstrapInterval.ts'
import { compareScores } from './compareScores.ts'

const score = (caseId: string, dice: number, et: number | null = dice): CaseScore => ({
  caseId,
  caseName: caseId,
  dice: { WT: dice, TC: dice, ET: et },
  hd95Mm: { WT: 1, TC: 1, ET: 1 },
  volumeErrorMl: { WT: 0, TC: 0, ET: 0 },
})
const contender = (id: string, dice: readonly number[]) => ({
  id,
  name: id === 'champion-1' ? 'Old' : 'New',
  scores: dice.map((value, index) => score(`case-${index}`, value)),
})
const compare = (before: readonly number[], after: readonly number[]) =>
  compareScores(contender('champion-1', before), contender('challenger-1', after))

describe('bootstrap interval', () => {
  it('agrees with scipy.stats.bootstrap (percentile, 200 000 resamples)', () => {
    const interval = bootstrapInterval([0.031, -0.012, 0.054, 0.018, 0.022, -0.005, 0.041, 0.009])
    expect(interval?.[0]).toBeCloseTo(0.005375, 3)
    expect(interval?.[1]).toBeCloseTo(0.034125, 3)
    expect(bootstrapInterval([0.01, -0.02, 0.015])).toEqual([-0.02, 0.015])
  })

  it('says nothing about fewer than three values', () => {
    expect(bootstrapInterval([0.1, 0.2])).toBeNull()
    expect(bootstrapInterval([])).toBeNull()
  })
})

describe('comparison', () => {
  it('calls a challenger better only where the interval lies above 0', () => {
    const better = compare([0.7, 0.72, 0.68, 0.71], [0.75, 0.76, 0.72, 0.78])
    expect(better.verdict).toBe('better')
    expect(better.sentence).toMatch(/^New is better: mean Dice \+5\.0 points on 4 held-out cases/)
    expect(compare([0.75, 0.76, 0.72], [0.7, 0.72, 0.68]).verdict).toBe('worse')
  })

  it('names a region that fell although the mean rose', () => {
    const champion = contender('champion-1', [0.5, 0.52, 0.48, 0.51])
    const challenger = {
      ...contender('challenger-1', [0.6, 0.62, 0.58, 0.61]),
      scores: champion.scores.map(({ dice, ...rest }) => ({
        ...rest,
        dice: { WT: (dice.WT ?? 0) - 0.02, TC: 0.7, ET: 0.7 },
      })),
    }
    const { verdict, sentence } = compareScores(champion, challenger)
    expect(verdict).toBe('better')
    expect(sentence).toContain('WT alone got worse (−2.0).')
    expect(sentence).not.toMatch(/(TC|ET) alone/)
  })

  it('says that few cases are a hint, many are not called so', () => {
    const few = Array.from({ length: 9 }, (_, index) => 0.5 + 0.01 * index)
    const raised = (values: readonly number[]): number[] => values.map((value) => value + 0.1)
    expect(compare(few, raised(few)).sentence).toContain('a hint and no proof')
    const many = [...few, 0.7]
    expect(compare(many, raised(many)).sentence).not.toContain('hint')
  })

  it('shows no difference where the interval holds 0', () => {
    const same = compare([0.7, 0.72, 0.68], [0.71, 0.7, 0.685])
    expect(same.verdict).toBe('no-difference-shown')
    expect(same.sentence).toContain('No difference shown between New and Old')
  })

  it('pairs by case: only cases that both were scored on count', () => {
    const champion = contender('champion-1', [0.5, 0.6, 0.7])
    const challenger = {
      ...contender('challenger-1', []),
      scores: [score('case-2', 0.8), score('case-9', 0.1), score('case-0', 0.6)],
    }
    const comparison = compareScores(champion, challenger)
    expect(comparison.cases).toBe(2)
    expect(comparison.verdict).toBe('not-measured')
    expect(comparison.sentence).toContain('+10.0 points; at least three are needed')
  })

  it('leaves out a region where either has no value, and is not measured without any pair', () => {
    const champion = { id: 'a-1', name: 'A', scores: [score('case-1', 0.5, null)] }
    const challenger = { id: 'b-1', name: 'B', scores: [score('case-1', 0.6, 0.9)] }
    const [wt, , et] = compareScores(champion, challenger).differences
    expect(wt.meanDifference).toBeCloseTo(0.1, 12)
    expect(et).toMatchObject({ champion: null, challenger: null, meanDifference: null })
    expect(compareScores(champion, { ...challenger, scores: [] })).toMatchObject({
      verdict: 'not-measured',
      cases: 0,
    })
  })
})
