import { beforeAll, describe, expect, it } from 'vitest'
import {
  experimentUnits,
  readProtocol,
  type ExperimentProtocol,
  type UnitRecord,
} from '../protocol/index.ts'
import { linearAxis } from './figureParts.ts'
import { forestPlot } from './forestPlot.ts'
import { interval, percent, pValue, signed, table } from './format.ts'
import { renderReport } from './renderReport.ts'
import { summariseExperiment } from './summariseExperiment.ts'

let protocol: ExperimentProtocol

beforeAll(async () => {
  const smoke = await readProtocol('models/experiments/smoke.json')
  protocol = { ...smoke, seeds: [1, 2, 3, 4, 5, 6, 7] }
})

/** Every arm a constant per seed, so that each figure of the report is known beforehand. */
const resultsOf = (dice: Record<string, number>): UnitRecord[] =>
  experimentUnits(protocol).map(({ id, seed, student, arm }) => ({
    schema: 1,
    experiment: protocol.name,
    unit: id,
    ...{ seed, student, arm, commit: 'abc', seconds: 1 },
    status: 'done',
    lastLoss: 0.1,
    dice: [0, 1].map(() => {
      const value = dice[arm] + seed / 1000
      return { WT: value, TC: value, ET: null }
    }),
  }))

const RESULTS = { teacher: 0.9, none: 0.6, logits: 0.6, 'logits-pool': 0.7, gkd: 0.55 }

describe('summary', () => {
  it('finds differences, words and shares of the gap', () => {
    const { students, completeSeeds } = summariseExperiment(protocol, resultsOf(RESULTS))
    const [{ arms, contrasts }] = students
    const pool = arms.find(({ arm }) => arm === 'logits-pool')!
    expect(completeSeeds).toHaveLength(7)
    expect(pool.againstBase?.difference).toBeCloseTo(0.1, 10)
    expect(pool.ofTeacher).toBeCloseTo(1 / 3, 10)
    expect(pool.ofCeiling).toBeNull()
    expect(pool.regions.ET).toBeNull()
    // Two contrasts, each unanimous over seven seeds: p = 1/64, after Holm 1/32.
    expect(contrasts.map(({ adjustedP, verdict }) => [adjustedP, verdict])).toEqual([
      [1 / 32, 'better'],
      [1 / 32, 'worse'],
    ])
  })

  it('leaves out results of another protocol and reports failures', () => {
    const [first, ...rest] = resultsOf(RESULTS)
    const { schema, experiment, unit, seed, student, arm, commit, seconds } = first
    const identity = { schema, experiment, unit, seed, student, arm, commit, seconds }
    const failed: UnitRecord = { ...identity, status: 'failed', error: 'Broke.' }
    const foreign = { ...first, unit: 'elsewhere' }
    const summary = summariseExperiment(protocol, [failed, foreign, ...rest])
    expect(summary.unitsDone).toBe(summary.unitsTotal - 1)
    expect(summary.completeSeeds).toEqual([2, 3, 4, 5, 6, 7])
    expect(summary.failures).toHaveLength(1)
    expect(renderReport(protocol, summary)).toContain('| 1 |  | teacher | Broke. |')
  })
})

describe('report', () => {
  it('says what was found in the registered words, and that nothing of it is about patients', () => {
    const report = renderReport(protocol, summariseExperiment(protocol, resultsOf(RESULTS)))
    expect(report).toContain('Synthetic cases only')
    expect(report).toContain(
      '| logits + pool against no distillation | +10.0 | [+10.0, +10.0] | 7 of 7 | 0.016 | 0.031 | better |',
    )
    expect(report).toContain(
      '| gkd against logits | −5.0 | [−5.0, −5.0] | 0 of 7 | 0.016 | 0.031 | worse |',
    )
  })

  it('is a report without any result too', () => {
    const report = renderReport(protocol, summariseExperiment(protocol, []))
    expect(report).toContain('**Partial**: 0 of 35 units have a result')
    expect(report).not.toContain('NaN')
    expect(forestPlot('empty', summariseExperiment(protocol, []).students[0].arms)).not.toContain(
      'NaN',
    )
  })

  it('escapes what would break a figure or a table', () => {
    expect(forestPlot('a < b & "c"', [])).toContain('<title>a &lt; b &amp; "c"</title>')
    expect(table(['a|b'], [['c']])).toBe('| a\\|b |\n| --- |\n| c |')
  })
})

describe('numbers', () => {
  it('carry a true minus, and no sign on what rounds to nothing', () => {
    expect([signed(-0.42), signed(4), signed(-0.01)]).toEqual(['−0.4', '+4.0', '0.0'])
    expect(interval([-0.017, 0.009])).toBe('[−1.7, +0.9]')
    expect([percent(0.54), percent(-0.2), percent(null)]).toEqual(['54 %', '−20 %', '–'])
    expect([pValue(0.0004), pValue(0.0312), pValue(null)]).toEqual(['< 0.001', '0.031', '–'])
  })

  it('stand on an axis with round ticks that covers them', () => {
    const { at, ticks } = linearAxis([-3, 8], 100, 600)
    expect(ticks).toEqual([-2, 0, 2, 4, 6, 8])
    expect(at(-3)).toBeGreaterThan(100)
    expect(at(8)).toBeLessThan(600)
    expect(linearAxis([5, 5], 0, 10).at(5)).toBeCloseTo(5, 6)
  })
})
