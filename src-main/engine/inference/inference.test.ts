import { describe, expect, it } from 'vitest'
import { createGrid, planCanonical } from '../../imaging/geometry/index.ts'
import { gaussianWeights } from './gaussianWeights.ts'
import { mostProbableLabels } from './mostProbableLabels.ts'
import { toCaseGrid } from './toCaseGrid.ts'
import { uncertaintyScore } from './uncertaintyScore.ts'
import { originsAlongAxis } from './windowOrigins.ts'

describe('windows along an axis', () => {
  it('are at most half a window apart and end flush', () => {
    expect(originsAlongAxis(155, 64, 0.5)).toEqual([0, 30, 61, 91])
    expect(originsAlongAxis(64, 64, 0.5)).toEqual([0])
    expect(originsAlongAxis(65, 64, 0.5)).toEqual([0, 1])
    expect(originsAlongAxis(50, 64, 0.5)).toEqual([-7])
  })
})

describe('window weights', () => {
  it('are a Gaussian with σ of an eighth of the window', () => {
    const weights = gaussianWeights([9, 1, 1])
    expect(weights[4]).toBe(1)
    expect(weights[5]).toBeCloseTo(Math.exp(-0.5 * (8 / 9) ** 2), 6)
    expect(weights[0]).toBeCloseTo(weights[8], 12)
  })

  it('never vanish, so that the corner of a volume is defined', () => {
    expect(gaussianWeights([64, 64, 64]).every((weight) => weight > 0)).toBe(true)
  })
})

describe('labels and uncertainty', () => {
  it('follow from scores, the lower label on a tie', () => {
    const scores = [Float32Array.of(0, 9, 1), Float32Array.of(0, 0, 2), Float32Array.of(0, 0, 2)]
    expect([...mostProbableLabels(scores)]).toEqual([0, 0, 1])
  })

  it('score a case by its tumour and rim only', () => {
    const labels = new Uint8Array(20)
    labels[10] = 2
    const entropy = new Uint8Array(20).fill(255, 0, 6)
    expect(uncertaintyScore(labels, entropy, [20, 1, 1], [3, 3, 3])).toBe(0)
    entropy[11] = 255
    expect(uncertaintyScore(labels, entropy, [20, 1, 1], [3, 3, 3])).toBeCloseTo(1 / 3, 6)
    expect(uncertaintyScore(labels, entropy, [20, 1, 1], [1, 1, 1])).toBeCloseTo(1 / 7, 6)
  })

  it('score a case without predicted tumour by its least certain voxels', () => {
    const entropy = new Uint8Array(4000).fill(255, 100, 600)
    expect(uncertaintyScore(new Uint8Array(4000), entropy, [20, 20, 10], [1, 1, 1])).toBe(0.5)
  })
})

describe('the way back to the case grid', () => {
  it('undoes crop and axis order', () => {
    // Stored right to left; canonical x = 5 − i.
    const stored = createGrid([6, 4, 3], [-1, 0, 0, 5, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
    const placement = {
      canonical: planCanonical(stored),
      crop: { origin: [1, 1, 0] as const, size: [4, 2, 3] as const },
    }
    const labels = new Uint8Array(24)
    labels[0 + 4 * (1 + 2 * 2)] = 2
    const result = toCaseGrid({ labels, entropy: new Uint8Array(24) }, placement, {
      stepFraction: 0.5,
      mirror: false,
      minEnhancingMl: 0,
    })
    expect(result.grid).toBe(stored)
    const expected = new Uint8Array(72)
    // Canonical (1, 2, 2) is stored (4, 2, 2).
    expected[4 + 6 * (2 + 4 * 2)] = 2
    expect(result.labels).toEqual(expected)
  })
})
