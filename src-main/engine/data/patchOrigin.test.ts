import { describe, expect, it } from 'vitest'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { foregroundVoxels } from './loadCase.ts'
import { drawPatchOrigin } from './patchOrigin.ts'
import type { Triple } from './preparedCase.ts'

const DIMS: Triple = [20, 20, 20]
const PATCH: Triple = [4, 4, 4]

/** A large edema and a single enhancing voxel, apart from each other. */
function labelled(): { dims: Triple; foreground: Uint32Array[]; labels: Uint8Array } {
  const labels = new Uint8Array(8000)
  for (let k = 2; k < 8; k++) {
    for (let j = 2; j < 8; j++) labels.fill(2, 2 + 20 * (j + 20 * k), 8 + 20 * (j + 20 * k))
  }
  labels[15 + 20 * (15 + 20 * 15)] = 3
  return { dims: DIMS, foreground: foregroundVoxels(labels), labels }
}
const covers = (origin: Triple, voxel: number): boolean =>
  origin.every((o) => voxel >= o && voxel < o + 4)

describe('where patches are drawn', () => {
  it('forces tumour into the asked share of patches, and half of those show a class of one voxel', () => {
    const subject = labelled()
    const stream = randomStream(11, 'sampling')
    const draws = 6000
    let enhancing = 0
    for (let n = 0; n < draws; n++) {
      if (covers(drawPatchOrigin(subject, PATCH, 1 / 3, stream), 15)) enhancing++
    }
    // A third forced, half of it on the enhancing voxel; unforced patches hold it in 64 of 17³ places.
    const expected = 1 / 6 + (2 / 3) * (64 / 4913)
    const standardError = Math.sqrt((expected * (1 - expected)) / draws)
    expect(Math.abs(enhancing / draws - expected)).toBeLessThan(4 * standardError)
  })

  it('spreads unforced patches evenly over every place that fits', () => {
    const stream = randomStream(5, 'sampling')
    const counts = new Array<number>(17).fill(0)
    for (let n = 0; n < 17_000; n++) counts[drawPatchOrigin(labelled(), PATCH, 0, stream)[0]]++
    // χ² with 16 degrees of freedom: 39.3 is its 99.9 % point.
    expect(counts.reduce((sum, x) => sum + (x - 1000) ** 2 / 1000, 0)).toBeLessThan(39.3)
  })

  it('keeps forced patches inside the case', () => {
    const stream = randomStream(2, 'sampling')
    for (let n = 0; n < 500; n++) {
      for (const o of drawPatchOrigin(labelled(), [18, 18, 18], 1, stream)) {
        expect(o).toBeGreaterThanOrEqual(0)
        expect(o).toBeLessThanOrEqual(2)
      }
    }
  })

  it('centres a case that is smaller than the patch', () => {
    const subject = { dims: [5, 20, 20] as const, foreground: [] }
    expect(drawPatchOrigin(subject, [8, 4, 4], 1, randomStream(1))[0]).toBe(-1)
  })

  it('falls back to any place where a case has no tumour', () => {
    const subject = { dims: DIMS, foreground: foregroundVoxels(new Uint8Array(8000)) }
    expect(drawPatchOrigin(subject, PATCH, 1, randomStream(1)).every((o) => o >= 0)).toBe(true)
  })
})
