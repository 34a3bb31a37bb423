import { describe, expect, it } from 'vitest'
import type { LabelOperation } from '../../contract/index.ts'
import { createAxisAlignedGrid } from '../geometry/index.ts'
import { applyLabelOperation } from './applyLabelOperation.ts'

const EDGE = 24
const grid = createAxisAlignedGrid([EDGE, EDGE, EDGE], [1, 1, 1])
const voxelAt = (x: number, y: number, z: number) => x + EDGE * (y + EDGE * z)
const away = (voxel: number, centre: readonly number[]) =>
  Math.hypot(
    (voxel % EDGE) - centre[0],
    (Math.floor(voxel / EDGE) % EDGE) - centre[1],
    Math.floor(voxel / EDGE ** 2) - centre[2],
  )
const CENTRE = [12, 12, 12]

/** A bright ball of 6 mm in a dark head: core 3, rim 2, and one stray voxel of each. */
const image = Float32Array.from({ length: EDGE ** 3 }, (_, voxel) =>
  away(voxel, CENTRE) <= 6 ? 300 + (voxel % 5) : 100 + (voxel % 7),
)
const labels = Uint8Array.from(image, (_, voxel) => {
  const distance = away(voxel, CENTRE)
  if (distance <= 3) return 3
  return distance <= 5 ? 2 : 0
})
labels[voxelAt(1, 1, 1)] = 2
labels[voxelAt(22, 2, 2)] = 3

const count = (values: Uint8Array, label: number) =>
  values.reduce((sum, value) => sum + (value === label ? 1 : 0), 0)
const apply = (operation: LabelOperation, locked: number[] = [], from = labels) =>
  applyLabelOperation(from, grid, operation, image, locked)

describe('operations on a whole labelmap', () => {
  it('clean up one class and leave the others alone', () => {
    for (const operation of [
      { kind: 'keep-largest', label: 2 },
      { kind: 'remove-small', label: 2, minimumMl: 0.01 },
    ] as const) {
      const cleaned = apply(operation)
      expect(cleaned[voxelAt(1, 1, 1)]).toBe(0)
      expect(count(cleaned, 2)).toBe(count(labels, 2) - 1)
      expect(count(cleaned, 3)).toBe(count(labels, 3))
    }
  })

  it('grow a class over its neighbours, unless they are locked', () => {
    const grown = apply({ kind: 'grow', label: 3, marginMm: 1 })
    expect(count(grown, 3)).toBeGreaterThan(count(labels, 3))
    expect(count(grown, 2)).toBeLessThan(count(labels, 2))
    const kept = apply({ kind: 'grow', label: 3, marginMm: 1 }, [2])
    expect(count(kept, 2)).toBe(count(labels, 2))
    expect(() => apply({ kind: 'grow', label: 3, marginMm: 1 }, [3])).toThrow(/locked class/)
  })

  it.each([
    { kind: 'shrink', label: 2, marginMm: 1 },
    { kind: 'hollow', label: 3, thicknessMm: 1 },
    { kind: 'smooth', label: 3, method: 'median', radiusMm: 1 },
    { kind: 'smooth', label: 3, method: 'gaussian', radiusMm: 1 },
  ] as const)('$kind changes its own class alone ($method)', (operation) => {
    const result = apply(operation)
    expect(count(result, operation.label)).not.toBe(count(labels, operation.label))
    const other = operation.label === 2 ? 3 : 2
    const lost = labels.filter((label, i) => label === other && result[i] === 0)
    expect(lost).toHaveLength(0)
  })

  it('smooth all classes together without a gap between them', () => {
    const smoothed = apply({ kind: 'smooth-all', radiusMm: 1 })
    expect(smoothed[voxelAt(1, 1, 1)]).toBe(0)
    const holes = smoothed.filter((label, voxel) => label === 0 && away(voxel, CENTRE) <= 4)
    expect(holes).toHaveLength(0)
  })

  it('fill the slices between drawn ones', () => {
    const sparse = labels.map((label, voxel) =>
      label === 3 && Math.floor(voxel / EDGE ** 2) % 3 === 0 ? 3 : 0,
    )
    const filled = apply({ kind: 'interpolate', label: 3, axis: 2 }, [], sparse)
    expect(count(filled, 3)).toBeGreaterThan(2 * count(sparse, 3))
  })

  it('grow into the tissue under a point', () => {
    const operation = { kind: 'grow-region', label: 1, sequence: 't1ce', tolerance: 3 } as const
    const grown = apply({ ...operation, voxel: voxelAt(12, 12, 12) })
    const ball = image.filter((value) => value >= 300).length
    expect(count(grown, 1)).toBe(ball)
    expect(() => apply({ ...operation, voxel: EDGE ** 3 })).toThrow(/outside/)
  })

  it('grow from a few drawn voxels to the borders in the image', () => {
    const seeds = new Uint8Array(labels.length)
    seeds[voxelAt(12, 12, 12)] = 3
    const grown = apply({ kind: 'grow-from-seeds', sequence: 't1ce', reachMm: 8 }, [], seeds)
    const ball = image.filter((value) => value >= 300).length
    expect(count(grown, 3)).toBe(ball)
    expect(count(grown, 4)).toBe(0)
  })
})
