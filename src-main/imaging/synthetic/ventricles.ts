import { ellipsoidDistance, smoothMin, tubeDistance, type TubeNode } from './signedDistances.ts'

const FRONTAL_HORN_AND_BODY: readonly TubeNode[] = [
  [9, 33, -1, 2],
  [7.5, 24, 7, 5.2],
  [7, 10, 13, 5.4],
  [10, -8, 18, 5],
  [14, -26, 18, 5.5],
]
const ATRIUM_AND_OCCIPITAL_HORN: readonly TubeNode[] = [
  [14, -26, 18, 5],
  [24, -42, 9, 7],
  [25, -58, 5, 4.5],
  [22, -76, 3, 1.5],
]
const TEMPORAL_HORN: readonly TubeNode[] = [
  [25, -42, 6, 5],
  [33, -32, -6, 3],
  [33, -12, -17, 2.2],
]
const AQUEDUCT: readonly TubeNode[] = [
  [0, -26, -4, 1.2],
  [0, -36, -18, 1],
  [0, -43, -30, 2],
]

/** Signed distance to all cerebral ventricles (mm); `scale` widens the lateral and third ones. */
export function ventricleDistance(x: number, y: number, z: number, scale: number): number {
  const side = Math.abs(x)
  const body = tubeDistance(side, y, z, FRONTAL_HORN_AND_BODY, scale, 1.35)
  const atrium = tubeDistance(side, y, z, ATRIUM_AND_OCCIPITAL_HORN, scale, 1.1)
  const temporal = tubeDistance(side, y, z, TEMPORAL_HORN, scale, 1)
  const lateral = smoothMin(smoothMin(body, atrium, 3), temporal, 2.5)
  const third = ellipsoidDistance(x, y + 12, z + 3, 1.6 * scale, 15, 10)
  const fourth = ellipsoidDistance(x, y + 44, z + 34, 7, 5, 9)
  const aqueduct = tubeDistance(x, y, z, AQUEDUCT, 1, 1)
  return Math.min(lateral, third, fourth, aqueduct)
}
