import { describe, expect, it } from 'vitest'
import type { Triple } from '../data/index.ts'
import { fitPostprocessing } from './fitPostprocessing.ts'
import { postprocess } from './postprocess.ts'

const DIMS: Triple = [8, 4, 4]
const at = (i: number, j: number, k: number): number => i + 8 * (j + 4 * k)

/** A block of eight ED voxels in a corner, and what else is drawn. */
function drawing(extra: readonly (readonly [number, number])[] = []): Uint8Array {
  const labels = new Uint8Array(8 * 4 * 4)
  for (const i of [0, 1]) for (const j of [0, 1]) for (const k of [0, 1]) labels[at(i, j, k)] = 2
  for (const [index, label] of extra) labels[index] = label
  return labels
}

describe('post-processing', () => {
  it('does nothing at thresholds of 0', () => {
    const labels = drawing([[at(6, 2, 2), 3]])
    const before = labels.slice()
    postprocess(labels, DIMS, 1, { minComponentMl: 0, minEnhancingMl: 0 })
    expect(labels).toEqual(before)
  })

  it('removes pieces below the threshold and keeps those at it', () => {
    const labels = drawing([
      [at(6, 2, 2), 2],
      [at(7, 3, 3), 2],
      [at(5, 0, 0), 2],
    ])
    // Two voxels that touch by a corner are one piece of 1 ml; the third stands alone.
    postprocess(labels, DIMS, 0.5, { minComponentMl: 1, minEnhancingMl: 0 })
    expect(labels).toEqual(
      drawing([
        [at(6, 2, 2), 2],
        [at(7, 3, 3), 2],
      ]),
    )
  })

  it('never removes the largest piece', () => {
    const labels = drawing()
    postprocess(labels, DIMS, 0.001, { minComponentMl: 20, minEnhancingMl: 0 })
    expect(labels).toEqual(drawing())
  })

  it('counts the enhancement that is left after small pieces are gone', () => {
    const labels = drawing([
      [at(0, 0, 0), 3],
      [at(6, 2, 2), 3],
    ])
    postprocess(labels, DIMS, 1, { minComponentMl: 2, minEnhancingMl: 2 })
    expect(labels).toEqual(drawing([[at(0, 0, 0), 1]]))
  })
})

describe('fitting post-processing', () => {
  it('finds the thresholds that remove stray pieces and stray enhancement, and no larger ones', () => {
    const reference = drawing([[at(0, 0, 0), 1]])
    const predicted = drawing([
      [at(0, 0, 0), 3],
      [at(6, 2, 2), 2],
    ])
    const cases = [{ reference, predicted, dims: DIMS, voxelMl: 0.06 }]
    const fitted = fitPostprocessing(cases, { minComponentMl: 0, minEnhancingMl: 0 })
    expect(fitted.postprocessing).toEqual({ minComponentMl: 0.1, minEnhancingMl: 0.1 })
    // Before: WT 2·8/17, TC 1, ET 0. After: all 1.
    expect(fitted.diceBefore).toBeCloseTo((16 / 17 + 1 + 0) / 3, 12)
    expect(fitted.diceAfter).toBe(1)
  })

  it('leaves alone what nothing makes better', () => {
    const both = drawing([[at(6, 2, 2), 3]])
    const current = { minComponentMl: 0, minEnhancingMl: 0.01 }
    const fitted = fitPostprocessing(
      [{ reference: both, predicted: both.slice(), dims: DIMS, voxelMl: 0.01 }],
      current,
    )
    expect(fitted.postprocessing).toEqual(current)
    expect(fitted.diceAfter).toBe(fitted.diceBefore)
  })

  it('refuses to choose without cases', () => {
    expect(() => fitPostprocessing([], { minComponentMl: 0, minEnhancingMl: 0 })).toThrow(
      RangeError,
    )
  })
})
