import { describe, expect, it } from 'vitest'
import { acceptScope } from './acceptScope.ts'

const DIMS = [5, 2, 1] as const
/** Two lesions: voxels 0, 1 (ED, ET) and 4 (NCR). */
const proposal = Uint8Array.of(2, 3, 0, 0, 1, 0, 0, 0, 0, 0)
const labels = Uint8Array.of(0, 2, 2, 0, 0, 0, 0, 3, 0, 0)
const before = labels.slice()
const accept = (scope: Parameters<typeof acceptScope>[3]) => [
  ...acceptScope(labels, proposal, DIMS, scope),
]

describe('accepting a proposal', () => {
  it('whole: the proposal replaces the labels', () => {
    expect(accept({ kind: 'all' })).toEqual([...proposal])
  })

  it('a class: it is then exactly where the proposal has it; other classes stay', () => {
    expect(accept({ kind: 'label', label: 2 })).toEqual([2, 0, 0, 0, 0, 0, 0, 3, 0, 0])
    expect(accept({ kind: 'label', label: 1 })).toEqual([0, 2, 2, 0, 1, 0, 0, 3, 0, 0])
  })

  it('one lesion: all of its classes, and nothing outside of it changes', () => {
    expect(accept({ kind: 'component', voxel: 1 })).toEqual([2, 3, 2, 0, 0, 0, 0, 3, 0, 0])
    expect(accept({ kind: 'component', voxel: 4 })).toEqual([0, 2, 2, 0, 1, 0, 0, 3, 0, 0])
  })

  it('refuses a point where the proposal has nothing', () => {
    expect(() => accept({ kind: 'component', voxel: 9 })).toThrow(/nothing at the point/)
    expect(() => accept({ kind: 'component', voxel: 1000 })).toThrow(/nothing at the point/)
  })

  it('never changes the labels it was given', () => {
    expect(labels).toEqual(before)
  })
})
