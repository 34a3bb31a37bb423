import { describe, expect, it } from 'vitest'
import type { Finding, FindingKind, Severity } from '../../src-main/contract/index.ts'
import { groupFindings } from './groupFindings.ts'
import { logStrip, median } from './logStrip.ts'

describe('a logarithmic strip', () => {
  it('puts equal ratios at equal distances and leaves room at both ends', () => {
    const { at, ticks } = logStrip([1, 10, 100], 2)
    expect(at(10)).toBeCloseTo(0.5, 9)
    expect(at(10) - at(1)).toBeCloseTo(at(100) - at(10), 9)
    expect(at(1)).toBeGreaterThan(0)
    expect(ticks).toEqual([1, 2, 5, 10, 20, 50, 100])
  })

  it('does not blow up noise, and bears nothing, zeros and equal values', () => {
    const { at } = logStrip([100, 101], 4)
    expect(at(101) - at(100)).toBeLessThan(0.02)
    expect(logStrip([], 4).at(1)).toBeCloseTo(0.5, 9)
    expect(logStrip([0, 5, 5], 4).at(0)).toBe(0)
    expect(logStrip([5], 4).at(1e9)).toBe(1)
  })

  it('names only powers of ten where there would be a crowd', () => {
    expect(logStrip([0.01, 1000], 2).ticks).toEqual([0.01, 0.1, 1, 10, 100, 1000])
  })
})

it('the median is the middle of the axis, and 0 for nothing', () => {
  expect([median([3, 1, 2]), median([4, 1]), median([])]).toEqual([2, 2, 0])
})

it('findings are grouped with errors first and the frequent before the rare', () => {
  const finding = (kind: FindingKind, severity: Severity, caseName: string): Finding => ({
    kind,
    severity,
    caseId: `case-${caseName}`,
    caseName,
    message: '',
    remedy: kind,
  })
  const groups = groupFindings([
    finding('no-label', 'note', 'a'),
    finding('empty-label', 'warning', 'b'),
    finding('missing-sequence', 'warning', 'c'),
    finding('missing-file', 'error', 'd'),
    finding('missing-sequence', 'warning', 'a'),
  ])
  expect(
    groups.map(({ kind, findings }) => [kind, findings.map(({ caseName }) => caseName).join('')]),
  ).toEqual([
    ['missing-file', 'd'],
    ['missing-sequence', 'ca'],
    ['empty-label', 'b'],
    ['no-label', 'a'],
  ])
})
