import { describe, expect, it } from 'vitest'
import { createAxisAlignedGrid } from '../../src-main/imaging/geometry/index.ts'
import { applyDelta, diffLabels, invertDelta } from '../../src-main/imaging/labelmap/index.ts'
import type { Brush } from './brushStroke.ts'
import { deltaOfChanges } from './deltaOfChanges.ts'
import { fillConnected } from './fillConnected.ts'
import { fillPolygon } from './fillPolygon.ts'
import { LabelEdit } from './labelEdit.ts'
import { LabelTally } from './labelTally.ts'
import { paintStroke } from './paintStroke.ts'

const UNLOCKED = [false, false, false, false]
const grid = createAxisAlignedGrid([20, 16, 10], [1, 1, 1])
const anisotropic = createAxisAlignedGrid([40, 20, 10], [0.5, 1, 5])
const axial = (radiusMm: number): Brush => ({ shape: 'circle', radiusMm, sliceAxis: 2 })

function targetOf({ dims }: typeof grid) {
  const labels = new Uint8Array(dims[0] * dims[1] * dims[2])
  return { labels, tally: LabelTally.of(labels) }
}
const at = (i: number, j: number, k: number, of = grid): number =>
  i + of.dims[0] * (j + of.dims[1] * k)

describe('the brush', () => {
  it('paints exactly the voxel under the pointer at size zero, wherever in the voxel it points', () => {
    for (const offset of [-0.49, 0, 0.49]) {
      const target = targetOf(grid)
      const changes = paintStroke(target, grid, axial(0), [[5 + offset, 7, 3]], 3, UNLOCKED)
      expect([...changes.indices]).toEqual([at(5, 7, 3)])
    }
  })

  it('is round in millimetres on anisotropic voxels and stays in its slice', () => {
    const target = targetOf(anisotropic)
    const changes = paintStroke(target, anisotropic, axial(3), [[20, 10, 4]], 2, UNLOCKED)
    const expected: number[] = []
    for (let j = 0; j < 20; j++) {
      for (let i = 0; i < 40; i++) {
        if (Math.hypot((i - 20) * 0.5, j - 10) <= 3) expected.push(at(i, j, 4, anisotropic))
      }
    }
    expect([...changes.indices]).toEqual(expected)
    // Twice as many voxels across as along: 13 against 7.
    expect(expected.filter((index) => Math.floor(index / 40) % 20 === 10)).toHaveLength(13)
    expect(expected.filter((index) => index % 40 === 20)).toHaveLength(7)
  })

  it('paints a ball in millimetres as a sphere', () => {
    const target = targetOf(anisotropic)
    const brush: Brush = { shape: 'sphere', radiusMm: 6, sliceAxis: 2 }
    const changes = paintStroke(target, anisotropic, brush, [[20, 10, 4]], 2, UNLOCKED)
    const slices = new Set([...changes.indices].map((index) => Math.floor(index / 800)))
    expect([...slices]).toEqual([3, 4, 5])
  })

  it('leaves no gap however far apart two pointer positions are', () => {
    for (const radiusMm of [0, 0.3, 1]) {
      const target = targetOf(grid)
      const changes = paintStroke(
        target,
        grid,
        axial(radiusMm),
        [
          [1.3, 2.1, 5],
          [18.2, 13.6, 5],
        ],
        1,
        UNLOCKED,
      )
      // Every painted voxel reaches every other through painted face neighbours.
      const painted = new Set(changes.indices)
      const [seed] = changes.indices
      const reached = new Set([seed])
      const queue = [seed]
      for (const index of queue) {
        for (const step of [1, -1, 20, -20]) {
          const next = index + step
          if (painted.has(next) && !reached.has(next)) {
            reached.add(next)
            queue.push(next)
          }
        }
      }
      expect(reached.size).toBe(painted.size)
      expect(painted.has(at(1, 2, 5))).toBe(true)
      expect(painted.has(at(18, 14, 5))).toBe(true)
    }
  })

  it('is clipped at the border and paints nothing outside', () => {
    const target = targetOf(grid)
    expect(paintStroke(target, grid, axial(0), [[-3, 4, 2]], 3, UNLOCKED).indices).toHaveLength(0)
    const corner = paintStroke(target, grid, axial(1), [[0, 0, 0]], 3, UNLOCKED)
    expect([...corner.indices]).toEqual([at(0, 0, 0), at(1, 0, 0), at(0, 1, 0)])
  })

  it('neither overwrites a locked class nor paints one', () => {
    const target = targetOf(grid)
    target.labels.fill(2, at(0, 7, 3), at(10, 7, 3))
    target.tally = LabelTally.of(target.labels)
    const locks = [false, false, true, false]
    const changes = paintStroke(target, grid, axial(3), [[10, 7, 3]], 3, locks)
    expect(changes.indices.length).toBeGreaterThan(0)
    expect([...changes.before].every((value) => value === 0)).toBe(true)
    expect(target.labels[at(9, 7, 3)]).toBe(2)
    expect(target.labels[at(10, 7, 3)]).toBe(3)
    expect(paintStroke(target, grid, axial(3), [[4, 4, 3]], 2, locks).indices).toHaveLength(0)
  })

  it('keeps to an intensity range', () => {
    const target = targetOf(grid)
    const voxels = new Float32Array(target.labels.length)
    voxels[at(5, 5, 5)] = 10
    voxels[at(6, 5, 5)] = 20
    voxels[at(4, 5, 5)] = Number.NaN
    const range = { voxels, low: 5, high: 10 }
    const changes = paintStroke(target, grid, axial(4), [[5, 5, 5]], 1, UNLOCKED, range)
    expect([...changes.indices]).toEqual([at(5, 5, 5)])
  })
})

describe('an edit', () => {
  it('becomes the very delta between the labelmaps before and after, and undoes', () => {
    const target = targetOf(grid)
    for (let n = 0; n < target.labels.length; n += 3) target.labels[n] = n % 4
    target.tally = LabelTally.of(target.labels)
    const before = target.labels.slice()
    const changes = paintStroke(target, grid, axial(4), [[8, 8, 4]], 1, UNLOCKED)
    const delta = deltaOfChanges(changes, target.labels.length)
    expect(delta).toEqual(diffLabels(before, target.labels))
    const undone = target.labels.slice()
    applyDelta(undone, invertDelta(delta))
    expect(undone).toEqual(before)
  })

  it('keeps counts, volumes and fingerprint equal to a recount, and puts them back on revert', () => {
    const target = targetOf(anisotropic)
    const empty = target.tally.fingerprint
    const edit = new LabelEdit(target, 3, UNLOCKED)
    for (let index = 100; index < 3000; index += 7) edit.write(index)
    const recount = LabelTally.of(target.labels)
    expect(target.tally.fingerprint).toBe(recount.fingerprint)
    expect(target.tally.volumesMl(anisotropic)).toEqual(recount.volumesMl(anisotropic))
    expect(target.tally.volumesMl(anisotropic).WT).toBeCloseTo((415 * 2.5) / 1000, 12)
    edit.revert()
    expect(target.tally.fingerprint).toBe(empty)
    expect(target.labels.every((value) => value === 0)).toBe(true)
  })

  it('gives different labelmaps different fingerprints', () => {
    const one = new Uint8Array(100)
    const other = new Uint8Array(100)
    one[10] = 1
    other[10] = 2
    expect(LabelTally.of(one).fingerprint).not.toBe(LabelTally.of(other).fingerprint)
    other[10] = 0
    other[11] = 1
    expect(LabelTally.of(one).fingerprint).not.toBe(LabelTally.of(other).fingerprint)
  })
})

describe('the fills', () => {
  it('fill a closed outline by voxel centres', () => {
    const target = targetOf(grid)
    const edit = new LabelEdit(target, 2, UNLOCKED)
    const square = [
      [2.5, 3.5, 4],
      [6.5, 3.5, 4],
      [6.5, 5.5, 4],
      [2.5, 5.5, 4],
    ] as const
    fillPolygon(edit, grid, { u: 0, v: 1, through: 2, slice: 4 }, square)
    const expected = [4, 5].flatMap((j) => [3, 4, 5, 6].map((i) => at(i, j, 4)))
    expect([...edit.changes().indices]).toEqual(expected)
  })

  it('enclose nothing with two points', () => {
    const edit = new LabelEdit(targetOf(grid), 2, UNLOCKED)
    fillPolygon(edit, grid, { u: 0, v: 1, through: 2, slice: 4 }, [
      [1, 1, 4],
      [9, 9, 4],
    ])
    expect(edit.changedVoxels).toBe(0)
  })

  it('pour into what is connected and alike: a slice, or the whole volume', () => {
    const target = targetOf(grid)
    for (const [i, j, k] of [
      [3, 3, 3],
      [4, 3, 3],
      [4, 3, 4],
      [8, 8, 3],
    ]) {
      target.labels[at(i, j, k)] = 1
    }
    target.tally = LabelTally.of(target.labels)
    const flat = new LabelEdit(target, 2, UNLOCKED)
    expect(fillConnected(flat, target.labels, grid, at(3, 3, 3), 2)).toBe(true)
    expect([...flat.changes().indices]).toEqual([at(3, 3, 3), at(4, 3, 3)])
    flat.revert()
    const whole = new LabelEdit(target, 2, UNLOCKED)
    fillConnected(whole, target.labels, grid, at(3, 3, 3), null)
    expect([...whole.changes().indices]).toEqual([at(3, 3, 3), at(4, 3, 3), at(4, 3, 4)])
    expect(fillConnected(whole, target.labels, grid, at(3, 3, 3), null)).toBe(false)
  })
})
