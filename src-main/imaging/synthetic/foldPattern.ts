import type { RandomStream } from '../random/randomStream.ts'

const WAVES = 40

/** Estimated distance (mm) from a point to the nearest fold line. */
export type FoldPattern = (x: number, y: number, z: number) => number

/**
 * Fold lines like those of a cortex: the zero set of a sum of random plane waves whose wavelengths lie
 * in a narrow band (a Gaussian random wave), which is a labyrinth of meandering, branching lines about
 * half a wavelength apart.
 *
 * With n the sum and k the mean wave number, n / |∇n| is tan(k·d) / k at distance d from a line of a
 * single wave, so that atan(k·|n| / |∇n|) / k is returned; it never exceeds a quarter wavelength.
 */
export function createFoldPattern(
  stream: RandomStream,
  shortestMm: number,
  longestMm: number,
): FoldPattern {
  const kx = new Float64Array(WAVES)
  const ky = new Float64Array(WAVES)
  const kz = new Float64Array(WAVES)
  const phase = new Float64Array(WAVES)
  for (let w = 0; w < WAVES; w++) {
    const number = (2 * Math.PI) / stream.between(shortestMm, longestMm)
    const up = stream.between(-1, 1)
    const around = stream.between(0, 2 * Math.PI)
    const level = Math.sqrt(1 - up * up)
    kx[w] = number * level * Math.cos(around)
    ky[w] = number * level * Math.sin(around)
    kz[w] = number * up
    phase[w] = stream.between(0, 2 * Math.PI)
  }
  const mean = (4 * Math.PI) / (shortestMm + longestMm)
  return (x, y, z) => {
    let value = 0
    let gx = 0
    let gy = 0
    let gz = 0
    for (let w = 0; w < WAVES; w++) {
      const angle = kx[w] * x + ky[w] * y + kz[w] * z + phase[w]
      const slope = Math.cos(angle)
      value += Math.sin(angle)
      gx += slope * kx[w]
      gy += slope * ky[w]
      gz += slope * kz[w]
    }
    const gradient = Math.sqrt(gx * gx + gy * gy + gz * gz)
    return Math.atan((mean * Math.abs(value)) / (gradient + 1e-9)) / mean
  }
}
