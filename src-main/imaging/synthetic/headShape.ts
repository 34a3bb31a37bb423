import {
  ellipsoidDistance,
  smoothMax,
  smoothMin,
  smoothStep,
  superellipsoidDistance,
  tubeDistance,
  type TubeNode,
} from './signedDistances.ts'

// Template coordinates: mm, origin at the anterior commissure, x left, y front, z up. The outlines
// follow the proportions of the ICBM average head; they are drawn by hand, no atlas is read.

/** Signed distance to both hemispheres of the cerebrum, without the fissure between them. */
export function cerebrumDistance(x: number, y: number, z: number): number {
  const side = Math.abs(x)
  // Wider behind than in front, as seen from above.
  const taper = 1 - 0.0021 * Math.max(-40, Math.min(60, y + 30))
  const egg = superellipsoidDistance(side / taper, y + 17, z - 13, 67, 86, 64)
  const underTentorium = smoothStep(-28, -48, y) * Math.exp(-(side * side) / 700)
  const floor = -15 + 13 * underTentorium + 4 * smoothStep(30, 66, y)
  const upper = smoothMax(egg, floor - z, 14)
  const temporal = ellipsoidDistance(side - 43, y + 13, z + 20 - 0.12 * (y + 13), 21, 45, 20)
  return smoothMin(upper, temporal, 5)
}

/** Signed distance to the cerebellum. */
export function cerebellumDistance(x: number, y: number, z: number): number {
  const side = Math.abs(x)
  const hemisphere = ellipsoidDistance(side - 24, y + 64, z + 40 + 0.25 * (y + 64), 28, 27, 19)
  const vermis = ellipsoidDistance(x, y + 60, z + 33, 13, 22, 20)
  return smoothMin(hemisphere, vermis, 6)
}

const MEDULLA: readonly TubeNode[] = [
  [0, -30, -38, 9],
  [0, -41, -58, 7],
  [0, -46, -80, 6.5],
]

/** Signed distance to midbrain, pons and medulla. */
export function brainStemDistance(x: number, y: number, z: number): number {
  const midbrain = ellipsoidDistance(x, y + 24, z + 12, 16, 11, 13)
  const pons = ellipsoidDistance(x, y + 26, z + 31, 17, 12, 14)
  const medulla = tubeDistance(x, y, z, MEDULLA, 1, 1)
  const peduncle = ellipsoidDistance(Math.abs(x) - 17, y + 42, z + 33, 8, 14, 7)
  return smoothMin(smoothMin(smoothMin(midbrain, pons, 6), medulla, 6), peduncle, 5)
}

/** Signed distance to what a skull-stripping tool would leave: the parts and the cisterns between them. */
export function brainMaskDistance(cerebrum: number, cerebellum: number, brainStem: number): number {
  return smoothMin(smoothMin(cerebrum, cerebellum, 12), brainStem, 12)
}
