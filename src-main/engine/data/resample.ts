import type { Triple } from './preparedCase.ts'

/** Grids whose voxel size differs by less than this fraction count as the same. */
const SPACING_TOLERANCE = 0.1

/**
 * Dimensions of the same box at isotropic voxels of `targetMm`; the case's own where its voxels are within a
 * tenth of that already, or where no size is asked for.
 */
export function workingDims(dims: Triple, spacingMm: Triple, targetMm: number | undefined): Triple {
  if (targetMm === undefined) return dims
  const isClose = spacingMm.every((s) => Math.abs(s / targetMm - 1) <= SPACING_TOLERANCE)
  if (isClose) return dims
  const at = (axis: number): number =>
    Math.max(1, Math.round((dims[axis] * spacingMm[axis]) / targetMm))
  return [at(0), at(1), at(2)]
}

interface AxisWeights {
  /** First source index and weights of each target index. */
  readonly first: Int32Array
  readonly taps: number
  readonly weights: Float32Array
}

/**
 * Linear interpolation along one axis with both grids covering the same extent; when shrinking, the triangle
 * is widened to the target's voxel so that nothing is skipped (antialiasing).
 */
export function axisWeights(from: number, to: number): AxisWeights {
  const scale = from / to
  const support = Math.max(1, scale)
  const taps = Math.min(from, Math.ceil(support) * 2 + 1)
  const first = new Int32Array(to)
  const weights = new Float32Array(to * taps)
  for (let target = 0; target < to; target++) {
    const centre = (target + 0.5) * scale - 0.5
    const start = Math.max(0, Math.min(from - taps, Math.floor(centre - support) + 1))
    first[target] = start
    let sum = 0
    for (let tap = 0; tap < taps; tap++) {
      const weight = Math.max(0, 1 - Math.abs(start + tap - centre) / support)
      weights[target * taps + tap] = weight
      sum += weight
    }
    for (let tap = 0; tap < taps; tap++) weights[target * taps + tap] /= sum
  }
  return { first, taps, weights }
}

/**
 * Resamples a volume onto another lattice over the same box, one axis after the other.
 *
 * @param dims voxels along x, y, z of `voxels`
 * @returns a new array; the same values where the dims agree
 */
export function resample(voxels: Float32Array, dims: Triple, targetDims: Triple): Float32Array {
  let current = voxels
  const size = [dims[0], dims[1], dims[2]]
  for (let axis = 0; axis < 3; axis++) {
    if (size[axis] === targetDims[axis]) continue
    const inner = size.slice(0, axis).reduce((a, b) => a * b, 1)
    const outer = size.slice(axis + 1).reduce((a, b) => a * b, 1)
    current =
      inner === 1
        ? alongRows(current, axisWeights(size[axis], targetDims[axis]), size[axis], outer)
        : alongAxis(current, inner, size[axis], targetDims[axis], outer)
    size[axis] = targetDims[axis]
  }
  return current === voxels ? voxels.slice() : current
}

/**
 * The fastest axis of rows of voxels. Sums are rounded to single precision after every tap, as they are where they are
 * stored between taps: the order of the axes and the kind of loop change no bit.
 */
function alongRows(
  source: Float32Array,
  { first, taps, weights }: AxisWeights,
  from: number,
  rows: number,
): Float32Array {
  const to = first.length
  const target = new Float32Array(to * rows)
  for (let row = 0, out = 0; row < rows; row++) {
    for (let t = 0; t < to; t++, out++) {
      const at = from * row + first[t]
      let sum = 0
      for (let tap = 0; tap < taps; tap++) {
        sum = Math.fround(sum + weights[t * taps + tap] * source[at + tap])
      }
      target[out] = sum
    }
  }
  return target
}

function alongAxis(
  source: Float32Array,
  inner: number,
  from: number,
  to: number,
  outer: number,
): Float32Array {
  const { first, taps, weights } = axisWeights(from, to)
  const target = new Float32Array(inner * to * outer)
  for (let o = 0; o < outer; o++) {
    for (let t = 0; t < to; t++) {
      const targetRow = inner * (t + to * o)
      for (let tap = 0; tap < taps; tap++) {
        const weight = weights[t * taps + tap]
        if (weight === 0) continue
        const sourceRow = inner * (first[t] + tap + from * o)
        for (let i = 0; i < inner; i++) target[targetRow + i] += weight * source[sourceRow + i]
      }
    }
  }
  return target
}

/**
 * Resamples labels: every class's membership is resampled like an image and the largest wins (the lower label
 * on a tie), so that thin structures shrink evenly instead of by the luck of the lattice.
 */
export function resampleLabels(
  labels: Uint8Array,
  dims: Triple,
  targetDims: Triple,
  classes: number,
): Uint8Array {
  if (dims.every((n, axis) => n === targetDims[axis])) return labels.slice()
  const length = targetDims[0] * targetDims[1] * targetDims[2]
  const result = new Uint8Array(length)
  const best = new Float32Array(length)
  const membership = new Float32Array(labels.length)
  for (let label = 0; label < classes; label++) {
    for (let i = 0; i < labels.length; i++) membership[i] = labels[i] === label ? 1 : 0
    const share = resample(membership, dims, targetDims)
    for (let i = 0; i < length; i++) {
      if (label === 0 || share[i] > best[i]) {
        best[i] = share[i]
        result[i] = label
      }
    }
  }
  return result
}
