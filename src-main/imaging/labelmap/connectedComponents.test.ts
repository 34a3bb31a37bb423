import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { componentAt } from './componentAt.ts'
import { connectedComponents } from './connectedComponents.ts'

const dims = fc.tuple(
  fc.integer({ min: 1, max: 7 }),
  fc.integer({ min: 1, max: 7 }),
  fc.integer({ min: 1, max: 7 }),
)
const scene = dims.chain((size) =>
  fc.record({
    size: fc.constant(size),
    labels: fc.uint8Array({
      minLength: size[0] * size[1] * size[2],
      maxLength: size[0] * size[1] * size[2],
      max: 2,
    }),
  }),
)
const connectivity = fc.constantFrom(6 as const, 26 as const)

describe('connectedComponents', () => {
  // .#.    Two diagonal neighbours in a plane, a third voxel diagonal in space.
  const diagonal = Uint8Array.of(1, 0, 0, 1, 0, 0, 0, 0)

  it('joins diagonal voxels with 26 neighbours only', () => {
    expect(connectedComponents(diagonal, [2, 2, 2], 26).count).toBe(1)
    expect(connectedComponents(diagonal, [2, 2, 2], 6).count).toBe(2)
  })

  it('joins the arms of a U, numbered by its first voxel', () => {
    const u = Uint8Array.of(1, 0, 1, 1, 0, 1, 1, 1, 1)
    const { ids, count, sizes } = connectedComponents(u, [3, 3, 1], 6)
    expect(count).toBe(1)
    expect([...ids]).toEqual([...u])
    expect([...sizes]).toEqual([2, 7])
  })

  it('finds nothing in an empty mask', () => {
    expect(connectedComponents(new Uint8Array(8), [2, 2, 2])).toEqual({
      ids: new Int32Array(8),
      count: 0,
      sizes: Uint32Array.of(8),
    })
  })

  it('does not join across the edge of a row', () => {
    expect(connectedComponents(Uint8Array.of(0, 0, 1, 1, 0, 0), [3, 2, 1]).count).toBe(2)
  })

  it('agrees with a flood fill from every voxel', () => {
    fc.assert(
      fc.property(scene, connectivity, ({ size, labels }, neighbours) => {
        const { ids, count, sizes } = connectedComponents(labels, size, neighbours)
        const seen = new Set<number>()
        for (let voxel = 0; voxel < labels.length; voxel++) {
          expect(ids[voxel] !== 0).toBe(labels[voxel] !== 0)
          if (labels[voxel] === 0 || seen.has(ids[voxel])) continue
          expect(ids[voxel]).toBe(seen.size + 1)
          seen.add(ids[voxel])
          const flood = componentAt(labels, size, voxel, neighbours)
          expect(flood.length).toBe(sizes[ids[voxel]])
          expect(flood.every((member) => ids[member] === ids[voxel])).toBe(true)
        }
        expect(seen.size).toBe(count)
      }),
    )
  })
})

describe('componentAt', () => {
  it('is empty for background and for places outside', () => {
    expect(componentAt(Uint8Array.of(0, 1), [2, 1, 1], 0).length).toBe(0)
    expect(componentAt(Uint8Array.of(0, 1), [2, 1, 1], 9).length).toBe(0)
    expect(componentAt(Uint8Array.of(0, 1), [2, 1, 1], -1).length).toBe(0)
  })

  it('takes a lesion whole, or only the labels asked for', () => {
    const labels = Uint8Array.of(1, 2, 3, 0, 3)
    expect([...componentAt(labels, [5, 1, 1], 2)]).toEqual([0, 1, 2])
    expect([...componentAt(labels, [5, 1, 1], 2, 6, (label) => label === 3)]).toEqual([2])
  })
})
