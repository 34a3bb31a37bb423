import { describe, expect, it } from 'vitest'
import { createCaseCache } from './caseCache.ts'
import { byteLengthOf } from './preparedCase.ts'
import { preparedCase } from './preparedCase.fixture.ts'

const bytes = byteLengthOf(preparedCase([8, 8, 8], ['flair']))

function counting(): { load: (id: string) => ReturnType<typeof loadOne>; loads: string[] } {
  const loads: string[] = []
  return {
    loads,
    load: (caseId) => {
      loads.push(caseId)
      return loadOne(caseId)
    },
  }
}
const loadOne = async (caseId: string) => preparedCase([8, 8, 8], ['flair'], { caseId })

describe('the case cache', () => {
  it('loads a case once however often it is asked for, even at the same time', async () => {
    const { load, loads } = counting()
    const cache = createCaseCache(load, 10 * bytes)
    await Promise.all([cache.get('a'), cache.get('a')])
    await cache.get('a')
    expect(loads).toEqual(['a'])
    expect(cache.heldBytes).toBe(bytes)
  })

  it('lets go of the case asked for longest ago when the budget is spent', async () => {
    const { load, loads } = counting()
    const cache = createCaseCache(load, 2.5 * bytes)
    for (const id of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.get(id)
    expect(loads).toEqual(['a', 'b', 'c', 'b'])
    expect(cache.heldBytes).toBe(2 * bytes)
  })

  it('hands out a case larger than the budget', async () => {
    const cache = createCaseCache(counting().load, 1)
    expect((await cache.get('a')).caseId).toBe('a')
  })

  it('tries a failed load again', async () => {
    let attempts = 0
    const cache = createCaseCache(async (id) => {
      attempts++
      if (attempts === 1) throw new Error('unreadable')
      return loadOne(id)
    }, bytes)
    cache.prefetch('a')
    await expect(cache.get('a')).rejects.toThrow('unreadable')
    expect((await cache.get('a')).caseId).toBe('a')
  })
})
