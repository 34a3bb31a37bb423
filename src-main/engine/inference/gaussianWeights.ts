import type { Triple } from '../data/index.ts'

/** Width of the weight along each axis, as a fraction of the window; nnU-Net's. */
const SIGMA_FRACTION = 1 / 8

/**
 * How much each voxel of a window counts: a Gaussian about the middle (1 there), since a network knows least
 * about the rim of what it sees. Separable; x fastest.
 */
export function gaussianWeights(window: Triple): Float32Array {
  const [wx, wy, wz] = window.map((size) => {
    const sigma = size * SIGMA_FRACTION
    const centre = (size - 1) / 2
    return Float64Array.from({ length: size }, (_, i) =>
      Math.exp(-0.5 * ((i - centre) / sigma) ** 2),
    )
  })
  const weights = new Float32Array(window[0] * window[1] * window[2])
  let voxel = 0
  for (const z of wz) {
    for (const y of wy) for (const x of wx) weights[voxel++] = x * y * z
  }
  return weights
}
