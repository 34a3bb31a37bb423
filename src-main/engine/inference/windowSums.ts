import type { Triple } from '../data/index.ts'

/** Where weighted window outputs are summed. */
export interface WindowSums {
  /** Weighted sums of logits, one volume a class, x fastest; zeros at first. */
  readonly sums: readonly Float32Array[]
  /** Sums of the weights. */
  readonly mass: Float32Array
}

/**
 * Adds the logits of one window (voxel-interleaved, x fastest) at an origin; parts outside of the volume are dropped.
 *
 * @param dims voxels along x, y, z of the volume
 * @param weights of the voxels of a window
 */
export function addWindow(
  { sums, mass }: WindowSums,
  dims: Triple,
  logits: Float32Array,
  weights: Float32Array,
  window: Triple,
  [ox, oy, oz]: Triple,
): void {
  const [nx, ny, nz] = dims
  const classes = sums.length
  const from = Math.max(0, -ox)
  const to = Math.min(window[0], nx - ox)
  for (let k = Math.max(0, -oz); k < Math.min(window[2], nz - oz); k++) {
    for (let j = Math.max(0, -oy); j < Math.min(window[1], ny - oy); j++) {
      const windowRow = window[0] * (j + window[1] * k)
      const row = ox + nx * (oy + j + ny * (oz + k))
      for (let i = from; i < to; i++) mass[row + i] += weights[windowRow + i]
      for (let c = 0; c < classes; c++) {
        const sum = sums[c]
        for (let i = from; i < to; i++) {
          sum[row + i] += weights[windowRow + i] * logits[(windowRow + i) * classes + c]
        }
      }
    }
  }
}
