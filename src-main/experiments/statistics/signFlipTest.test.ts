import { describe, expect, it } from 'vitest'
import { signFlipTest } from './signFlipTest.ts'

// scipy 1.x: stats.permutation_test((d,), np.mean, permutation_type='samples', n_resamples=np.inf).pvalue
// (bench/reference/experiment_statistics.py)
describe('sign-flip permutation test', () => {
  it('equals scipy on ten differences of both signs', () => {
    const differences = [0.041, 0.012, -0.007, 0.033, 0.025, 0.008, -0.013, 0.019, 0.027, 0.004]
    expect(signFlipTest(differences)).toBe(0.03125)
  })

  it('counts patterns that equal the observed sum but for rounding', () => {
    expect(signFlipTest([1, -1, 1, 1, -2, 3])).toBe(0.65625)
    expect(signFlipTest([0.1, 0.2, -0.3])).toBe(1)
  })

  it('cannot fall below 2 to the power of 1 − n, however large the effect', () => {
    expect(signFlipTest([0.02, 0.03, 0.01, 0.04, 0.05])).toBe(0.0625)
    expect(signFlipTest([9])).toBe(1)
  })

  it('says the same of an effect and its opposite', () => {
    const differences = [0.4, -0.1, 0.3, 0.2, 0.25]
    expect(signFlipTest(differences.map((d) => -d))).toBe(signFlipTest(differences))
  })

  it('says nothing without a pair and shows nothing where nothing differs', () => {
    expect(signFlipTest([])).toBeNull()
    expect(signFlipTest([0, 0, 0])).toBe(1)
  })

  it('samples patterns beyond twenty pairs and stays near the exact value', () => {
    const half = Array.from({ length: 12 }, (_, i) => (i % 3 === 0 ? -1 : 1) * (1 + i / 10))
    const exact = signFlipTest(half.slice(0, 12))!
    // Twelve zeros change no sum, so the exact value of 24 pairs is that of twelve.
    const sampled = signFlipTest([...half, ...new Array<number>(12).fill(0)])!
    expect(Math.abs(sampled - exact)).toBeLessThan(0.006)
  })
})
