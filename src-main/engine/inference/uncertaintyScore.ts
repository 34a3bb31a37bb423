import type { Triple } from '../data/index.ts'

/** How far beyond the predicted tumour the rim reaches, mm: about the width of a typical boundary error. */
const RIM_MM = 3

/** Where nothing was predicted, the score is the mean over this many of the least certain voxels. */
const LEAST_CERTAIN = 1000

/**
 * One number a case: mean entropy over the predicted tumour and its rim, 0 (sure) to 1. Boundaries of large
 * tumours are always a little unsure, so the mean, not the sum, orders the worklist. Where no tumour is
 * predicted, the mean over the thousand least certain voxels, so that a missed lesion still stands out.
 *
 * @param labels predicted, x fastest
 * @param entropy 0–255 a voxel
 */
export function uncertaintyScore(
  labels: Uint8Array,
  entropy: Uint8Array,
  dims: Triple,
  spacingMm: Triple,
): number {
  const rim = dilate(labels, dims, spacingMm)
  let [count, sum] = [0, 0]
  for (let i = 0; i < rim.length; i++) {
    if (rim[i] === 0) continue
    count++
    sum += entropy[i]
  }
  return count > 0 ? sum / count / 255 : leastCertainMean(entropy)
}

/** Voxels within `RIM_MM` of a labelled one along the axes (a box, one axis after the other). */
function dilate(labels: Uint8Array, dims: Triple, spacingMm: Triple): Uint8Array {
  let mask = Uint8Array.from(labels, (label) => (label > 0 ? 1 : 0))
  const strides = [1, dims[0], dims[0] * dims[1]]
  for (let axis = 0; axis < 3; axis++) {
    const reach = Math.max(1, Math.round(RIM_MM / spacingMm[axis]))
    const grown = mask.slice()
    for (let i = 0; i < mask.length; i++) {
      if (mask[i] === 0) continue
      const position = Math.floor(i / strides[axis]) % dims[axis]
      const low = Math.max(0, position - reach)
      const high = Math.min(dims[axis] - 1, position + reach)
      for (let p = low; p <= high; p++) grown[i + (p - position) * strides[axis]] = 1
    }
    mask = grown
  }
  return mask
}

function leastCertainMean(entropy: Uint8Array): number {
  const counts = new Uint32Array(256)
  for (let i = 0; i < entropy.length; i++) counts[entropy[i]]++
  let left = Math.min(LEAST_CERTAIN, entropy.length)
  const taken = left
  let sum = 0
  for (let value = 255; value >= 0 && left > 0; value--) {
    const count = Math.min(left, counts[value])
    sum += count * value
    left -= count
  }
  return taken > 0 ? sum / taken / 255 : 0
}
