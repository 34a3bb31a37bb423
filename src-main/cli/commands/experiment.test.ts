import { describe, expect, it } from 'vitest'
import { seedList } from './experiment.ts'

describe('list of seeds', () => {
  it('takes single seeds and ranges', () => {
    expect(seedList('1-3,7')).toEqual([1, 2, 3, 7])
    expect(seedList(' 5 , 2')).toEqual([5, 2])
  })

  it.each(['', '3-1', '1-', 'a', '1,,2', '-4', '0-100000'])(
    'refuses "%s" and shows the form',
    (text) => {
      expect(() => seedList(text)).toThrow('It must look like 1-3,7.')
    },
  )
})
