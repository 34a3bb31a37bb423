import { describe, expect, it } from 'vitest'
import { LABELS, type Sequence } from '../../contract/index.ts'
import { generateSyntheticCase } from './generateSyntheticCase.ts'
import type { SyntheticCase } from './syntheticCase.ts'

const DIMS = [40, 44, 40] as const
const CASES = 24

/** Tumours in which both parts are large enough to measure. */
function enhancingCases(kappa: number): SyntheticCase[] {
  const found: SyntheticCase[] = []
  for (let index = 0; found.length < CASES; index++) {
    const made = generateSyntheticCase({ seed: 21, index, dims: DIMS, kappa })
    const { necrosis, enhancing } = made.description.volumesMl
    if (necrosis > 2 && enhancing > 2) found.push(made)
  }
  return found
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Student's t of per-case differences against 0. */
function pairedT(differences: readonly number[]): number {
  const centre = mean(differences)
  const variance =
    differences.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (differences.length - 1)
  return centre / Math.sqrt(variance / differences.length)
}

/** Per case: how much brighter ET is than NCR on a sequence, as a share of their mean. */
function brightnessGaps(cases: readonly SyntheticCase[], sequence: Sequence): number[] {
  return cases.map(({ images, labels }) => {
    const of = (label: number): number =>
      mean(Array.from(images[sequence]).filter((_, i) => labels[i] === label))
    const necrosis = of(LABELS.necrosis)
    const enhancing = of(LABELS.enhancing)
    return (enhancing - necrosis) / (enhancing + necrosis)
  })
}

/** Per case: how much more often an ET voxel touches the outside of the core than an NCR voxel does. */
function rimGaps(cases: readonly SyntheticCase[]): number[] {
  const [nx, ny] = DIMS
  const steps = [-1, 1, -nx, nx, -nx * ny, nx * ny]
  return cases.map(({ labels }) => {
    const inCore = (i: number): boolean =>
      labels[i] === LABELS.necrosis || labels[i] === LABELS.enhancing
    const touching = (label: number): number => {
      const shares: number[] = []
      labels.forEach((value, i) => {
        if (value === label) shares.push(steps.some((step) => !inCore(i + step)) ? 1 : 0)
      })
      return mean(shares)
    }
    return touching(LABELS.enhancing) - touching(LABELS.necrosis)
  })
}

// |t| of 24 cases exceeds 3.5 by chance in about 2 of 1000; the seeds are fixed, so the answer is too.
describe('the dial κ', () => {
  const hidden = enhancingCases(0)
  const shown = enhancingCases(1)

  it.each(['flair', 't1', 't2'] as const)('at 0 leaves NCR and ET alike on %s', (sequence) => {
    expect(Math.abs(pairedT(brightnessGaps(hidden, sequence)))).toBeLessThan(3.5)
  })

  it('at 0 says nothing about where in the core enhancing tumour lies', () => {
    expect(Math.abs(pairedT(rimGaps(hidden)))).toBeLessThan(3.5)
  })

  it('at 1 gives weak cues: brighter ET on FLAIR and T1, darker on T2, in the rim', () => {
    expect(pairedT(brightnessGaps(shown, 'flair'))).toBeGreaterThan(5)
    expect(pairedT(brightnessGaps(shown, 't1'))).toBeGreaterThan(5)
    expect(pairedT(brightnessGaps(shown, 't2'))).toBeLessThan(-5)
    expect(pairedT(rimGaps(shown))).toBeGreaterThan(5)
    expect(mean(brightnessGaps(shown, 'flair'))).toBeLessThan(0.15)
  })

  it('leaves T1ce showing enhancement at every setting', () => {
    expect(Math.min(...brightnessGaps(hidden, 't1ce'))).toBeGreaterThan(0.1)
    expect(Math.min(...brightnessGaps(shown, 't1ce'))).toBeGreaterThan(0.1)
  })
})
