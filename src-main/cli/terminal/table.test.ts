import { describe, expect, it } from 'vitest'
import { fixed, table } from './table.ts'

describe('table', () => {
  it('aligns words to the left and numbers to the right', () => {
    expect(
      table(
        ['case', 'WT'],
        [
          ['Synth_0001', '0.9'],
          ['b', '0.85'],
        ],
      ),
    ).toBe(
      ['case          WT', '──────────  ────', 'Synth_0001   0.9', 'b           0.85'].join('\n'),
    )
  })

  it('shows headings alone when there is nothing', () => {
    expect(table(['case'], [])).toBe('case\n────')
  })

  it('shows an undefined figure as a dash', () => {
    expect([fixed(null, 2), fixed(Number.NaN, 2), fixed(0.456, 2)]).toEqual(['–', '–', '0.46'])
  })
})
