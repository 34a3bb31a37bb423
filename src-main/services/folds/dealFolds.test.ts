import { describe, expect, it } from 'vitest'
import { dealFolds } from './dealFolds.ts'

const patients = Array.from({ length: 43 }, (_, i) => ({
  patient: `patient-${String(i).padStart(2, '0')}`,
  tumourMl: i % 9 === 0 ? null : (i * 37) % 100,
}))
const none = new Map<string, number>()

describe('folds', () => {
  it('hold every patient once, as many as the others to one, whatever the order of the list', () => {
    const folds = dealFolds(patients, 5, 7, none)
    expect(folds.size).toBe(43)
    const counts = [1, 2, 3, 4, 5].map(
      (fold) => [...folds.values()].filter((f) => f === fold).length,
    )
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    expect(dealFolds([...patients].reverse(), 5, 7, none)).toEqual(folds)
    expect(dealFolds(patients, 5, 8, none)).not.toEqual(folds)
  })

  it('are alike in tumour size: any n neighbours in size stand in n folds', () => {
    const sized = patients.map((each, i) => ({ ...each, tumourMl: i }))
    const folds = dealFolds(sized, 4, 1, none)
    for (let start = 0; start + 4 <= sized.length; start += 4) {
      const block = sized.slice(start, start + 4).map(({ patient }) => folds.get(patient))
      expect(new Set(block).size).toBe(4)
    }
  })

  it('keep whoever has a fold and deal newcomers to the smallest', () => {
    const known = new Map([
      ['patient-00', 1],
      ['patient-01', 1],
      ['patient-02', 2],
    ])
    const dealt = dealFolds(patients.slice(0, 6), 3, 1, known)
    expect([...dealt.keys()].sort()).toEqual(['patient-03', 'patient-04', 'patient-05'])
    expect([...dealt.values()].sort()).toEqual([2, 3, 3])
  })
})
