import { describe, expect, it } from 'vitest'
import { randomStream } from '../../random/randomStream.ts'
import { keyholes } from './keyholes.ts'
import { signedArea, traceContours, type PixelContour } from './traceContours.ts'

const maskOf = (...rows: string[]): { mask: Uint8Array; columns: number; rows: number } => ({
  mask: Uint8Array.from(rows.join(''), (character) => Number(character === '#')),
  columns: rows[0].length,
  rows: rows.length,
})

/** Whether a point lies inside one contour, by the even–odd rule. */
function holds(contour: PixelContour, x: number, y: number): boolean {
  let inside = false
  contour.forEach(([x0, y0], n) => {
    const [x1, y1] = contour[(n + 1) % contour.length]
    if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) inside = !inside
  })
  return inside
}

/** Pixels whose centre lies in any of the contours. */
const fill = (contours: readonly PixelContour[], columns: number, rows: number): Uint8Array =>
  Uint8Array.from({ length: columns * rows }, (_, n) =>
    Number(contours.some((contour) => holds(contour, n % columns, Math.floor(n / columns)))),
  )

describe('contours', () => {
  it('of one pixel are a diamond around its centre', () => {
    const { mask, columns, rows } = maskOf('...', '.#.', '...')
    const [contour, ...others] = traceContours(mask, columns, rows)
    expect(others).toEqual([])
    expect(new Set(contour.map(String))).toEqual(new Set(['0.5,1', '1,0.5', '1.5,1', '1,1.5']))
    expect(signedArea(contour)).toBe(-1)
  })

  it('leave straight runs without points in between', () => {
    const { mask, columns, rows } = maskOf('#####', '#####', '#####')
    expect(traceContours(mask, columns, rows)[0]).toHaveLength(8)
  })

  it('do not join pixels that touch at a corner', () => {
    const { mask, columns, rows } = maskOf('#.', '.#')
    expect(traceContours(mask, columns, rows)).toHaveLength(2)
  })

  it('have a hole as a keyhole of the contour around it', () => {
    const { mask, columns, rows } = maskOf('#####', '#.#.#', '#####', '#...#', '#####')
    const traced = traceContours(mask, columns, rows)
    expect(traced.map((contour) => Math.sign(signedArea(contour)))).toEqual([-1, 1, 1, 1])
    const [joined, ...others] = keyholes(traced)
    expect(others).toEqual([])
    expect(fill([joined], columns, rows)).toEqual(mask)
    // The channels have no area: what is left is the outer area without the holes.
    const area = traced.reduce((sum, contour) => sum + signedArea(contour), 0)
    expect(signedArea(joined)).toBe(area)
  })

  it('keep an island inside of a hole apart', () => {
    const { mask, columns, rows } = maskOf('#####', '#...#', '#.#.#', '#...#', '#####')
    const joined = keyholes(traceContours(mask, columns, rows))
    expect(joined).toHaveLength(2)
    expect(fill(joined, columns, rows)).toEqual(mask)
  })

  it('hold exactly the pixels of any mask', () => {
    const random = randomStream(3)
    for (let round = 0; round < 400; round++) {
      const columns = 1 + random.integer(14)
      const rows = 1 + random.integer(14)
      const share = random.uniform()
      const mask = Uint8Array.from({ length: columns * rows }, () => Number(random.chance(share)))
      expect(fill(keyholes(traceContours(mask, columns, rows)), columns, rows)).toEqual(mask)
    }
  })
})
