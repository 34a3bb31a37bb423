import type { Vector3 } from '../../src-main/imaging/geometry/index.ts'

const LETTERS = [
  ['R', 'L'],
  ['A', 'P'],
  ['S', 'I'],
] as const

/** A place in the patient as a reader says it: "L 12.3  P 4.5  S 60.0 mm". */
export function rasText(point: Vector3): string {
  const parts = point.map((value, axis) => {
    // Rounded first, so that −0.04 reads "R 0.0" and not "L 0.0".
    const rounded = Math.round(value * 10) / 10
    return `${LETTERS[axis][rounded < 0 ? 1 : 0]} ${Math.abs(rounded).toFixed(1)}`
  })
  return `${parts.join('  ')} mm`
}
