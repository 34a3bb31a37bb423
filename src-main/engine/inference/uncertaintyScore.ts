import { nonZeroBox, type Triple } from '../data/index.ts'

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
  const rim = rimOf(labels, dims, spacingMm)
  if (rim === null) return leastCertainMean(entropy)
  const { origin, size, mask } = rim
  let [count, sum, voxel] = [0, 0, 0]
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const row = origin[0] + dims[0] * (origin[1] + j + dims[1] * (origin[2] + k))
      for (let i = 0; i < size[0]; i++, voxel++) {
        if (mask[voxel] === 0) continue
        count++
        sum += entropy[row + i]
      }
    }
  }
  return sum / count / 255
}

interface Rim {
  readonly origin: Triple
  readonly size: Triple
  /** 1 within `RIM_MM` of a labelled voxel along the axes (a box, one axis after the other). */
  readonly mask: Uint8Array
}

/** The labelled voxels and their rim in the smallest box that holds them; null where nothing is labelled. */
function rimOf(labels: Uint8Array, dims: Triple, spacingMm: Triple): Rim | null {
  const labelled = nonZeroBox(labels, dims)
  if (labelled === null) return null
  const reach = spacingMm.map((mm) => Math.max(1, Math.round(RIM_MM / mm)))
  const low = labelled.origin.map((n, axis) => Math.max(0, n - reach[axis]))
  const high = labelled.origin.map((n, axis) =>
    Math.min(dims[axis], n + labelled.size[axis] + reach[axis]),
  )
  const origin: Triple = [low[0], low[1], low[2]]
  const size: Triple = [high[0] - low[0], high[1] - low[1], high[2] - low[2]]
  let mask = new Uint8Array(size[0] * size[1] * size[2])
  for (let k = 0, voxel = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const row = origin[0] + dims[0] * (origin[1] + j + dims[1] * (origin[2] + k))
      for (let i = 0; i < size[0]; i++, voxel++) if (labels[row + i] > 0) mask[voxel] = 1
    }
  }
  let stride = 1
  for (let axis = 0; axis < 3; axis++) {
    mask = dilateAlong(mask, stride, size[axis], reach[axis])
    stride *= size[axis]
  }
  return { origin, size, mask }
}

function dilateAlong(
  mask: Uint8Array,
  stride: number,
  length: number,
  reach: number,
): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(mask)
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue
    const position = Math.floor(i / stride) % length
    const low = Math.max(0, position - reach)
    const high = Math.min(length - 1, position + reach)
    for (let p = low; p <= high; p++) grown[i + (p - position) * stride] = 1
  }
  return grown
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
