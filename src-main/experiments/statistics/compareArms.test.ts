import { describe, expect, it } from 'vitest'
import type { CaseDice } from '../protocol/index.ts'
import { caseMeans } from './caseMeans.ts'
import { compareArms } from './compareArms.ts'
import { gapClosed } from './gapClosed.ts'
import { verdict } from './verdict.ts'

const dice = (WT: number, TC: number, ET: number | null): CaseDice => ({ WT, TC, ET })

describe('comparing two arms', () => {
  it('averages over the regions that the reference has', () => {
    expect(
      caseMeans([dice(0.9, 0.6, null), dice(0.9, 0.6, 0.3), { WT: null, TC: null, ET: null }]),
    ).toEqual([0.75, expect.closeTo(0.6, 12), null])
  })

  it('pairs cases of the seeds that both arms finished', () => {
    const base = new Map([
      [1, [dice(0.5, 0.5, 0.5), dice(0.6, 0.6, null)]],
      [2, [dice(0.4, 0.4, 0.4), dice(0.4, 0.4, null)]],
      [3, [dice(0.4, 0.4, 0.4), dice(0.4, 0.4, null)]],
    ])
    const arm = new Map([
      [2, [dice(0.5, 0.5, 0.5), dice(0.7, 0.7, null)]],
      [1, [dice(0.5, 0.5, 0.5), dice(0.6, 0.8, null)]],
    ])
    const compared = compareArms(arm, base, 200)
    expect(compared.seeds).toEqual([1, 2])
    expect(compared.bySeed[0]).toBeCloseTo(0.05, 12)
    expect(compared.bySeed[1]).toBeCloseTo(0.2, 12)
    expect(compared.difference).toBeCloseTo(0.125, 12)
    expect(compared.interval).toBeNull()
    expect(compared.p).toBe(0.5)
  })

  it('refuses arms that were scored on different cases', () => {
    const one = new Map([[1, [dice(1, 1, 1)]]])
    const two = new Map([[1, [dice(1, 1, 1), dice(1, 1, 1)]]])
    expect(() => compareArms(one, two, 200)).toThrow(RangeError)
  })

  it('calls nothing better before unanimous seeds could show it', () => {
    // Five seeds: the smallest p is 1/16, whatever was found.
    expect(verdict(0.3, 0.0625, 5, 1, 0.05)).toBe('too few seeds')
    // Ten seeds carry 25 contrasts and not 26.
    expect(verdict(0.3, 0.049, 10, 25, 0.05)).toBe('better')
    expect(verdict(0.3, 0.0508, 10, 26, 0.05)).toBe('too few seeds')
    expect(verdict(-0.3, 0.01, 10, 4, 0.05)).toBe('worse')
    expect(verdict(0.3, 0.06, 10, 4, 0.05)).toBe('no difference shown')
    expect(verdict(null, null, 0, 4, 0.05)).toBe('too few seeds')
  })

  it('measures the gap closed only where there is a gap', () => {
    expect(gapClosed(0.75, 0.7, 0.8)).toBeCloseTo(0.5, 12)
    expect(gapClosed(0.65, 0.7, 0.8)).toBeCloseTo(-0.5, 12)
    expect(gapClosed(0.75, 0.7, 0.7)).toBeNull()
    expect(gapClosed(null, 0.7, 0.8)).toBeNull()
  })
})
