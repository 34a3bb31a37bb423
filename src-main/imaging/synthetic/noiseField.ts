import type { RandomStream } from '../random/randomStream.ts'

const SIZE = 32
const MASK = SIZE - 1
/** 1 / standard deviation of a quadratic B-spline through independent values of variance 1 (0.55 ^ 1.5). */
const TO_UNIT_VARIANCE = 1 / Math.pow(0.55, 1.5)

/** A smooth random function of a point in mm, mean 0 and variance 1. */
export type NoiseField = (x: number, y: number, z: number) => number

/**
 * Value noise: independent numbers on a periodic 32³ lattice, interpolated by quadratic B-splines
 * (continuous slope, no kinks at the lattice planes).
 *
 * @param featureMm lattice spacing: about the radius of the blobs that come out
 */
export function createNoiseField(stream: RandomStream, featureMm: number): NoiseField {
  const values = new Float32Array(SIZE * SIZE * SIZE)
  const spread = Math.sqrt(12) * TO_UNIT_VARIANCE
  for (let i = 0; i < values.length; i++) values[i] = (stream.uniform() - 0.5) * spread
  const shiftX = stream.between(0, SIZE)
  const shiftY = stream.between(0, SIZE)
  const shiftZ = stream.between(0, SIZE)
  const scale = 1 / featureMm

  return (x, y, z) => {
    const px = x * scale + shiftX
    const py = y * scale + shiftY
    const pz = z * scale + shiftZ
    const ix = Math.floor(px + 0.5)
    const iy = Math.floor(py + 0.5)
    const iz = Math.floor(pz + 0.5)
    const fx = px - ix
    const fy = py - iy
    const fz = pz - iz
    const x0 = 0.5 * (0.5 - fx) * (0.5 - fx)
    const x2 = 0.5 * (0.5 + fx) * (0.5 + fx)
    const x1 = 1 - x0 - x2
    const y0 = 0.5 * (0.5 - fy) * (0.5 - fy)
    const y2 = 0.5 * (0.5 + fy) * (0.5 + fy)
    const y1 = 1 - y0 - y2
    const z0 = 0.5 * (0.5 - fz) * (0.5 - fz)
    const z2 = 0.5 * (0.5 + fz) * (0.5 + fz)
    const a = (ix - 1) & MASK
    const b = ix & MASK
    const c = (ix + 1) & MASK
    const rowA = ((iy - 1) & MASK) * SIZE
    const rowB = (iy & MASK) * SIZE
    const rowC = ((iy + 1) & MASK) * SIZE
    let sum = 0
    for (let k = -1; k <= 1; k++) {
      const plane = ((iz + k) & MASK) * SIZE * SIZE
      const r0 = plane + rowA
      const r1 = plane + rowB
      const r2 = plane + rowC
      const inPlane =
        y0 * (x0 * values[r0 + a] + x1 * values[r0 + b] + x2 * values[r0 + c]) +
        y1 * (x0 * values[r1 + a] + x1 * values[r1 + b] + x2 * values[r1 + c]) +
        y2 * (x0 * values[r2 + a] + x1 * values[r2 + b] + x2 * values[r2 + c])
      sum += inPlane * (k < 0 ? z0 : k > 0 ? z2 : 1 - z0 - z2)
    }
    return sum
  }
}
