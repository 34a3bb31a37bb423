import { ellipsoidDistance, tubeDistance, type TubeNode } from './signedDistances.ts'

const CAUDATE: readonly TubeNode[] = [
  [14, 20, 2, 5],
  [14, 10, 9, 5.2],
  [17, -6, 18, 3.4],
  [21, -24, 19, 2],
]
const HIPPOCAMPUS: readonly TubeNode[] = [
  [24, -8, -20, 5],
  [27, -22, -15, 4],
  [26, -36, -4, 3],
]

/** Signed distance to caudate, putamen, thalamus, hippocampus and amygdala: grey matter deep inside. */
export function deepGreyDistance(x: number, y: number, z: number): number {
  const side = Math.abs(x)
  const caudate = tubeDistance(side, y, z, CAUDATE, 1, 1)
  // Turned so that its back end lies further out, as the lentiform nucleus does.
  const along = y - 2
  const putamen = ellipsoidDistance(side - 26 + 0.18 * along, along, z - 1, 4.6, 16, 10.5)
  const thalamus = ellipsoidDistance(side - 11.5 + 0.25 * (y + 19), y + 19, z - 7, 8.5, 15, 8.5)
  const hippocampus = tubeDistance(side, y, z, HIPPOCAMPUS, 1, 1)
  return Math.min(caudate, putamen, thalamus, hippocampus)
}

/** Signed distance to the pallidum and, below it, red nucleus and substantia nigra: dark on T2 by iron. */
export function ironRichDistance(x: number, y: number, z: number): number {
  const side = Math.abs(x)
  const pallidum = ellipsoidDistance(side - 18.5 + 0.3 * (y + 3), y + 3, z + 1, 3.6, 8.5, 6)
  const redNucleus = ellipsoidDistance(side - 5, y + 20, z + 9, 2.6, 3, 4)
  const dentate = ellipsoidDistance(side - 15, y + 57, z + 36, 5, 6, 3)
  return Math.min(pallidum, redNucleus, dentate)
}
