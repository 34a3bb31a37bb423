import { expect, it } from 'vitest'
import { cielabValue } from './cielab.ts'

// scikit-image's rgb2xyz and xyz2lab (D50) with Bradford's adaptation in between: bench/reference/cielab.py.
it.each([
  [
    [0xe5, 0x48, 0x4d],
    [35772, 48690, 41565],
  ],
  [
    [0x3f, 0xb9, 0x50],
    [43779, 19688, 43726],
  ],
  [
    [0xf2, 0xcc, 0x3d],
    [54796, 33839, 51238],
  ],
  [
    [255, 255, 255],
    [65535, 32896, 32896],
  ],
  [
    [0, 0, 0],
    [0, 32896, 32896],
  ],
] as const)('%j has the CIELab value of the reference', (rgb, expected) => {
  cielabValue(rgb).forEach((value, axis) => {
    expect(Math.abs(value - expected[axis])).toBeLessThanOrEqual(2)
  })
})
