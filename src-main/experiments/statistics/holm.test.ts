import { describe, expect, it } from 'vitest'
import { holm } from './holm.ts'

const rounded = (values: (number | null)[]): (number | null)[] =>
  values.map((value) => (value === null ? null : Number(value.toFixed(12))))

// statsmodels.stats.multitest.multipletests(p, method='holm')[1] (bench/reference/experiment_statistics.py)
describe('Holm adjustment', () => {
  it('equals statsmodels, in the order given', () => {
    expect(rounded(holm([0.01, 0.04, 0.03, 0.005, 0.2]))).toEqual([0.04, 0.09, 0.09, 0.025, 0.2])
    expect(rounded(holm([0.6, 0.5, 0.01]))).toEqual([1, 1, 0.03])
  })

  it('leaves out what was not measured and does not count it', () => {
    expect(rounded(holm([null, 0.02, 0.5]))).toEqual([null, 0.04, 0.5])
    expect(holm([])).toEqual([])
  })
})
