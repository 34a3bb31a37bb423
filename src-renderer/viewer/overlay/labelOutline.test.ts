import { describe, expect, it } from 'vitest'
import { labelOutline } from './labelOutline.ts'
import { scaleBar } from './scaleBar.ts'

describe('a label outline', () => {
  it('runs along straight sides in one piece', () => {
    const values = new Uint8Array(16)
    for (const at of [5, 6, 9, 10]) values[at] = 2
    const runs = labelOutline({ width: 4, height: 4, values }, 2)
    const sides = Array.from({ length: runs.length / 4 }, (_, n) => [
      ...runs.slice(n * 4, n * 4 + 4),
    ])
    expect(sides).toEqual([
      [1, 1, 3, 1],
      [1, 3, 3, 3],
      [1, 1, 1, 3],
      [3, 1, 3, 3],
    ])
  })

  it('closes at the border of the image and is empty without the label', () => {
    const values = new Uint8Array([3, 0, 0, 0])
    expect(labelOutline({ width: 2, height: 2, values }, 3)).toHaveLength(16)
    expect(labelOutline({ width: 2, height: 2, values }, 1)).toHaveLength(0)
  })
})

describe('a scale bar', () => {
  it('is the longest round length that fits', () => {
    expect(scaleBar(0.5, 96)).toEqual({ lengthMm: 20, pixels: 40 })
    expect(scaleBar(1, 96)).toEqual({ lengthMm: 50, pixels: 50 })
  })
})
