import type { Triple } from '../data/index.ts'

/** Sums weighted window outputs over a volume, in place. */
export interface WindowAccumulator {
  /** Adds the logits of one window (voxel-interleaved, x fastest) at an origin; parts outside are dropped. */
  add(logits: Float32Array, origin: Triple): void
  /** Weighted means, one volume a class, sharing the accumulator's memory: nothing may be added after. */
  finish(): Float32Array[]
}

/**
 * @param weights of the voxels of a window
 * @returns an accumulator over `dims`; it holds (classes + 1) float32 values a voxel
 */
export function windowAccumulator(
  dims: Triple,
  window: Triple,
  classes: number,
  weights: Float32Array,
): WindowAccumulator {
  const [nx, ny, nz] = dims
  const sums = Array.from({ length: classes }, () => new Float32Array(nx * ny * nz))
  const mass = new Float32Array(nx * ny * nz)
  return {
    add: (logits, [ox, oy, oz]) => {
      const from = Math.max(0, -ox)
      const to = Math.min(window[0], nx - ox)
      for (let k = Math.max(0, -oz); k < Math.min(window[2], nz - oz); k++) {
        for (let j = Math.max(0, -oy); j < Math.min(window[1], ny - oy); j++) {
          const windowRow = window[0] * (j + window[1] * k)
          const row = ox + nx * (oy + j + ny * (oz + k))
          for (let i = from; i < to; i++) {
            const weight = weights[windowRow + i]
            const source = (windowRow + i) * classes
            mass[row + i] += weight
            for (let c = 0; c < classes; c++) sums[c][row + i] += weight * logits[source + c]
          }
        }
      }
    },
    finish: () => {
      for (const sum of sums) {
        for (let i = 0; i < sum.length; i++) sum[i] /= mass[i]
      }
      return sums
    },
  }
}
