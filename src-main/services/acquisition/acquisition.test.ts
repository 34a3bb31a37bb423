import { describe, expect, it } from 'vitest'
import { createAxisAlignedGrid } from '../../imaging/geometry/index.ts'
import { describeTumour } from './describeTumour.ts'
import { disagreement } from './disagreement.ts'
import { farthestFirst } from './farthestFirst.ts'

describe('farthest first', () => {
  it('chooses what is farthest from all that is known or chosen', () => {
    const order = farthestFirst([[1], [9], [10], [5]], [[0]])
    expect(order.map(({ index }) => index)).toEqual([2, 3, 0, 1])
    const distances = order.map(({ distance }) => distance ?? 0)
    // In units of the deviation of 0, 1, 5, 9, 10, which is √16.4.
    expect(distances[0]).toBeCloseTo(10 / Math.sqrt(16.4), 6)
    expect(distances[1]).toBeCloseTo(5 / Math.sqrt(16.4), 6)
  })

  it('begins with the most typical where nothing is known, and takes every candidate once', () => {
    const order = farthestFirst([[0], [4], [5], [10]], [])
    expect(order[0]).toEqual({ index: 2, distance: null })
    expect(order.map(({ index }) => index).sort()).toEqual([0, 1, 2, 3])
    expect(farthestFirst([], [])).toEqual([])
  })

  it('is not ruled by a feature in large units, or by one without spread', () => {
    const order = farthestFirst(
      [
        [1000, 3, 7],
        [0, 0, 7],
        [900, 0, 7],
      ],
      [[500, 0, 7]],
    )
    expect(order[0].index).toBe(0)
    expect(order.every(({ distance }) => Number.isFinite(distance))).toBe(true)
  })
})

describe('disagreement', () => {
  it('is 1 − Dice over regions and pairs', () => {
    const [a, b] = [Uint8Array.of(2, 2, 0, 0), Uint8Array.of(2, 0, 0, 0)]
    // WT 1 − 2/3; TC and ET empty in both.
    expect(disagreement([a, b])).toBeCloseTo(1 / 9, 12)
    expect(disagreement([a, a, a])).toBe(0)
  })

  it('is unknown for one labelling', () => {
    expect(disagreement([Uint8Array.of(1)])).toBeNull()
  })
})

describe('a tumour in numbers', () => {
  const grid = createAxisAlignedGrid([10, 10, 10], [2, 2, 2])

  it('has volumes in ml, a middle and a reach in mm', () => {
    const labels = new Uint8Array(1000)
    labels[2 + 10 * (5 + 10 * 5)] = 3
    labels[6 + 10 * (5 + 10 * 5)] = 3
    const [necrosis, oedema, enhancement, x, y, , reach, there] = describeTumour(labels, grid)
    expect([necrosis, oedema]).toEqual([0, 0])
    expect(enhancement).toBeCloseTo(Math.log1p(0.016), 12)
    expect([x, y]).toEqual([0.4, 0.5])
    // Two points 8 mm apart.
    expect(reach).toBeCloseTo(4, 9)
    expect(there).toBe(1)
  })

  it('is defined where there is none', () => {
    expect(describeTumour(new Uint8Array(1000), grid)).toEqual([0, 0, 0, 0.5, 0.5, 0.5, 0, 0])
  })
})
