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
  const taper = 1 - 0.0013 * Math.max(-40, Math.min(60, y + 30))
  // Between an ellipsoid, which is too pointed, and a superellipsoid, which is too square.
  const egg =
    0.5 * superellipsoidDistance(side / taper, y + 17, z - 13, 67, 86, 65) +
    0.5 * ellipsoidDistance(side / taper, y + 17, z - 13, 68, 87, 66)
  const underTentorium = smoothStep(-28, -48, y) * Math.exp(-(side * side) / 700)
  const floor = -15 + 13 * underTentorium + 4 * smoothStep(30, 66, y)
  const upper = smoothMax(egg, floor - z, 20)
  const temporal = ellipsoidDistance(side - 43, y + 13, z + 20 - 0.12 * (y + 13), 21, 45, 20)
  return smoothMin(upper, temporal, 8)
}

/** Signed distance to the cerebellum. */
export function cerebellumDistance(x: number, y: number, z: number): number {
  const side = Math.abs(x)
  const hemisphere = ellipsoidDistance(side - 24, y + 63, z + 36 + 0.2 * (y + 63), 28, 28, 21)
  const vermis = ellipsoidDistance(x, y + 57, z + 27, 14, 22, 22)
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
  return smoothMin(smoothMin(cerebrum, cerebellum, 16), brainStem, 11)
}
