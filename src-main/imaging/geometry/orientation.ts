import { affineDeterminant, invertAffine } from './affine.ts'
import type { Affine } from './affine.ts'
import { directionOf } from './grid.ts'

type Triple = [number, number, number]

/**
 * For each index axis the world axis it runs along (0 = left–right, 1 = posterior–anterior,
 * 2 = inferior–superior) and whether it runs towards +1 (R, A, S) or −1 (L, P, I).
 */
export interface AxisOrientation {
  readonly worldAxis: Triple
  readonly sign: Triple
}

const POSITIVE_LETTERS = ['R', 'A', 'S']
const NEGATIVE_LETTERS = ['L', 'P', 'I']

/**
 * The rotation nearest to a 3×3 matrix (the orthogonal factor of its polar decomposition), by Newton's
 * iteration R ← (R + R⁻ᵀ)/2 (Higham 1986, doi 10.1137/0907079). It removes shear, so that the axis order
 * of a sheared grid is judged like nibabel judges it.
 */
function nearestRotation(direction: readonly number[]): number[] {
  let rotation = [...direction]
  for (let iteration = 0; iteration < 50; iteration++) {
    const [a, b, c, d, e, f, g, h, i] = rotation
    const inverse = invertAffine([a, b, c, 0, d, e, f, 0, g, h, i, 0, 0, 0, 0, 1])
    let change = 0
    rotation = rotation.map((value, position) => {
      const row = Math.floor(position / 3)
      const column = position % 3
      const next = (value + inverse[4 * column + row]) / 2
      change = Math.max(change, Math.abs(next - value))
      return next
    })
    if (change < 1e-14) break
  }
  return rotation
}

/**
 * Assigns index axes to world axes, the most clear-cut axis first (the rule of nibabel's
 * `io_orientation`).
 *
 * @throws RangeError where the matrix is singular
 */
export function axisOrientation(indexToWorld: Affine): AxisOrientation {
  if (affineDeterminant(indexToWorld) === 0) {
    throw new RangeError('A singular affine matrix has no orientation')
  }
  const rotation = nearestRotation(directionOf(indexToWorld))
  const strength = (axis: number): number =>
    Math.max(...[0, 1, 2].map((row) => rotation[3 * row + axis] ** 2))
  const order = [0, 1, 2].sort((left, right) => strength(right) - strength(left))
  const worldAxis: Triple = [0, 0, 0]
  const sign: Triple = [1, 1, 1]
  const free = new Set([0, 1, 2])
  for (const axis of order) {
    let best = -1
    for (const row of free) {
      const isStronger =
        best < 0 || Math.abs(rotation[3 * row + axis]) > Math.abs(rotation[3 * best + axis])
      if (isStronger) best = row
    }
    free.delete(best)
    worldAxis[axis] = best
    sign[axis] = rotation[3 * best + axis] < 0 ? -1 : 1
  }
  return { worldAxis, sign }
}

/** Three letters that say where each index axis runs to, e.g. "LPS" for BraTS files. */
export function orientationCode(indexToWorld: Affine): string {
  const { worldAxis, sign } = axisOrientation(indexToWorld)
  return worldAxis
    .map((axis, position) => (sign[position] > 0 ? POSITIVE_LETTERS : NEGATIVE_LETTERS)[axis])
    .join('')
}
