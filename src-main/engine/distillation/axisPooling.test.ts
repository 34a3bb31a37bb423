import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../tensor.ts'
import { areaWeights, axisPooling, reachWeights } from './axisPooling.ts'
import { waveTensor } from './waveBatch.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('area weights', () => {
  it.each([
    [8, 4],
    [7, 4],
    [5, 3],
    [2, 4],
    [1, 4],
    [96, 6],
  ])('of %d voxels in %d cells: rows sum to 1 and every voxel counts the same', (extent, cells) => {
    const weights = areaWeights(extent, cells)
    const rows = Array.from({ length: cells }, (_, i) =>
      weights.slice(i * extent, (i + 1) * extent),
    )
    for (const row of rows) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5)
    for (let v = 0; v < extent; v++) {
      expect(rows.reduce((sum, row) => sum + row[v], 0)).toBeCloseTo(cells / extent, 5)
    }
  })

  it('share a voxel between two cells by its parts', () => {
    expect(Array.from(areaWeights(3, 2))).toEqual(
      [2 / 3, 1 / 3, 0, 0, 1 / 3, 2 / 3].map(Math.fround),
    )
  })
})

describe('reach', () => {
  it('covers the cell and its margin on both sides', () => {
    expect(Array.from(reachWeights(6, 3, 1))).toEqual(
      [
        [1, 1, 1, 0, 0, 0],
        [0, 1, 1, 1, 1, 0],
        [0, 0, 0, 1, 1, 1],
      ].flat(),
    )
  })
})

describe('pooling along the axes', () => {
  it('equals average pooling where cells divide the extent', () => {
    const x = waveTensor<tf.Rank.R5>([2, 4, 6, 8, 3], 0.7)
    const expected = tf.avgPool3d(x, [2, 2, 4], [2, 2, 4], 'valid').dataSync()
    const pooled = axisPooling(areaWeights).apply(x, [2, 3, 2])
    expect(pooled.shape).toEqual([2, 2, 3, 2, 3])
    pooled.dataSync().forEach((v, i) => expect(v).toBeCloseTo(expected[i], 5))
  })

  it('keeps the mean whatever the extents', () => {
    const x = waveTensor<tf.Rank.R5>([1, 5, 7, 3, 2], 0.7)
    const pooled = axisPooling(areaWeights).apply(x, [4, 4, 4])
    expect(pooled.mean().dataSync()[0]).toBeCloseTo(x.mean().dataSync()[0], 5)
  })
})
