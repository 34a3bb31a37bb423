import { expect, it } from 'vitest'
import { rasText } from './rasText.ts'

it('names a place by the sides of the patient', () => {
  expect(rasText([-12.34, -4.5, 60])).toBe('L 12.3  P 4.5  S 60.0 mm')
  expect(rasText([-0.04, 0, -0.2])).toBe('R 0.0  A 0.0  I 0.2 mm')
})
