import { describe, expect, it } from 'vitest'
import { gridSize, numberBetween, sequenceList, wholeNumber } from './options.ts'

describe('options', () => {
  it('reads sequences into the channel order and names an unknown one', () => {
    expect(sequenceList('T1ce, flair,flair')).toEqual(['flair', 't1ce'])
    expect(() => sequenceList('flair,dwi')).toThrow('"dwi" is none of flair, t1, t1ce, t2')
  })

  it('reads a grid and refuses what is none', () => {
    expect(gridSize('240x240X155')).toEqual([240, 240, 155])
    for (const bad of ['64', '64x64', '8x64x64', '64x64xa', '64x64x64x64']) {
      expect(() => gridSize(bad)).toThrow('64x64x56')
    }
  })

  it('bounds numbers', () => {
    expect(wholeNumber(1)('7')).toBe(7)
    expect(() => wholeNumber(1)('0')).toThrow('at least 1')
    expect(() => wholeNumber(1, 9)('1.5')).toThrow('from 1 to 9')
    expect(numberBetween(0, 1)('0.5')).toBe(0.5)
    expect(() => numberBetween(0, 1)('')).toThrow('from 0 to 1')
    expect(() => numberBetween(0, 1)('2')).toThrow('from 0 to 1')
  })
})
