import { describe, expect, it } from 'vitest'
import { keepLocked } from './keepLocked.ts'

const current = Uint8Array.of(0, 1, 2, 3, 0)
const next = (): Uint8Array => Uint8Array.of(1, 2, 2, 0, 3)

describe('locks on an accepted proposal', () => {
  it('change nothing where no class is locked', () => {
    expect([...keepLocked(current, next(), [])]).toEqual([1, 2, 2, 0, 3])
  })

  it('keep the voxels of a locked class and let none become one', () => {
    expect([...keepLocked(current, next(), [3])]).toEqual([1, 2, 2, 3, 0])
    expect([...keepLocked(current, next(), [2])]).toEqual([1, 1, 2, 0, 3])
  })

  it('protect the background as a class of its own', () => {
    expect([...keepLocked(current, next(), [0])]).toEqual([0, 2, 2, 3, 0])
  })

  it('say so where they are the only reason that nothing changes', () => {
    expect(() => keepLocked(current, next(), [0, 1, 2, 3])).toThrow(/locked class/)
    expect([...keepLocked(current, current.slice(), [1])]).toEqual([...current])
  })
})
