import { describe, expect, it } from 'vitest'
import { formatKeys } from './formatKeys.ts'

describe('formatKeys', () => {
  it.each([
    ['$mod+Shift+z', ['Ctrl', 'Shift', 'Z']],
    ['ArrowUp', ['↑']],
    ['g w', ['G', 'W']],
    ['[', ['[']],
    ['+', ['+']],
    [' ', ['Space']],
    ['$mod+Digit1', ['Ctrl', '1']],
    ['Shift+?', ['?']],
  ])('draws %j as %j', (keys, caps) => {
    expect(formatKeys(keys, false)).toEqual(caps)
  })

  it('draws the Command key on a Mac', () => {
    expect(formatKeys('$mod+k', true)).toEqual(['⌘', 'K'])
  })
})
