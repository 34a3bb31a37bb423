import type { Vector3 } from '../../../src-main/imaging/geometry/index.ts'
import type { ViewPlane } from './viewPlane.ts'

export interface EdgeLetters {
  left: string
  right: string
  top: string
  bottom: string
}

const POSITIVE = ['R', 'A', 'S'] as const
const NEGATIVE = ['L', 'P', 'I'] as const

/** Components below this (about 15°) are not worth a letter. */
const SECONDARY_THRESHOLD = 0.26

/**
 * The patient direction a RAS vector points to: one letter, or up to three in falling order for an
 * oblique one ("LA" is left, somewhat anterior).
 */
export function directionLetters(direction: Vector3): string {
  return [0, 1, 2]
    .map((axis) => ({ axis, size: Math.abs(direction[axis]) }))
    .filter(({ size }) => size >= SECONDARY_THRESHOLD)
    .sort((a, b) => b.size - a.size)
    .map(({ axis }) => (direction[axis] > 0 ? POSITIVE[axis] : NEGATIVE[axis]))
    .join('')
}

/** The letters that belong on the four edges of a view. */
export function edgeLetters(view: ViewPlane): EdgeLetters {
  const opposite = (v: Vector3): Vector3 => [-v[0], -v[1], -v[2]]
  return {
    right: directionLetters(view.rightRas),
    left: directionLetters(opposite(view.rightRas)),
    bottom: directionLetters(view.downRas),
    top: directionLetters(opposite(view.downRas)),
  }
}
