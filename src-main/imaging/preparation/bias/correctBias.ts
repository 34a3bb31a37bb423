import type { VolumeGrid } from '../../../contract/volume.ts'
import { shrinkVolume } from '../registration/shrinkVolume.ts'
import { sharpenHistogram } from './sharpenHistogram.ts'
import { evaluateSplineField, fitSplineField } from './splineField.ts'

type Triple = readonly [number, number, number]

/**
 * The figures of N4 (Tustison 2010), named as there. Three levels rather than its four: finer control grids begin to even
 * out the anatomy (measured in docs/preparation.md).
 */
export interface BiasOptions {
  /** The field is found on voxels of about this size. */
  readonly gridMm: number
  /** Levels of fitting; each halves the distance of the control points. */
  readonly levels: number
  readonly iterationsPerLevel: number
  /**
   * A level ends when the coefficient of variation of the field's change falls below this; what comes later is anatomy. As
   * in ITK's filter.
   */
  readonly tolerance: number
  readonly fullWidth: number
  readonly wienerNoise: number
  /**
   * Voxels whose log brightness, evened out so far, is further from the median than this many standard deviations (of the
   * median absolute deviation) take no part in the next step.
   */
  readonly outlierDeviations: number
}

export const BIAS_DEFAULTS: BiasOptions = {
  gridMm: 4,
  levels: 3,
  iterationsPerLevel: 50,
  tolerance: 1e-3,
  fullWidth: 0.15,
  wienerNoise: 0.01,
  outlierDeviations: 2,
}

/** Standard deviation of a normal distribution over its median absolute deviation. */
const DEVIATION_OF_MAD = 1.4826

export interface BiasCorrection {
  readonly voxels: Float32Array
  /** What the image was divided by: mean 1 (geometric) over the mask. */
  readonly field: Float32Array
  readonly iterations: number
}

/**
 * Removes slow changes of brightness that come from the coil, by N4 (Tustison et al. 2010, doi 10.1109/TMI.2010.2046908):
 * on a shrunk grid, the log image is sharpened, what sharpening would change is fitted by a cubic B-spline, and the fit is
 * added to the field until it stops changing, on finer and finer control grids. Beyond N4, fluid and bright oedema are
 * left out as outliers of the histogram, anew at every step: their brightness is not the coil's, and they lie where the
 * field would follow them.
 *
 * @param mask where the field is learnt, e.g. the brain; voxels of 0 or less take no part
 * @returns the input itself and a field of ones where the mask has fewer than 64 usable voxels on the shrunk grid
 */
export function correctBias(
  voxels: ArrayLike<number>,
  grid: VolumeGrid,
  mask: Uint8Array,
  options: BiasOptions = BIAS_DEFAULTS,
): BiasCorrection {
  const small = shrinkVolume({ grid, voxels }, options.gridMm)
  const share = shrinkVolume({ grid, voxels: mask }, options.gridMm).voxels
  const inside: number[] = []
  for (let i = 0; i < share.length; i++) {
    if (share[i] > 0.5 && small.voxels[i] > 0) inside.push(i)
  }
  if (inside.length < 64) {
    return {
      voxels: Float32Array.from(voxels),
      field: new Float32Array(voxels.length).fill(1),
      iterations: 0,
    }
  }
  const { dims } = small.grid
  const where = Int32Array.from(inside)
  const log = Float32Array.from(where, (i) => Math.log(small.voxels[i]))
  // One control grid for all levels together is the sum of theirs: each level adds its own field.
  const total = new Float32Array(log.length)
  const full = new Float32Array(voxels.length)
  let iterations = 0
  for (let level = 0; level < options.levels; level++) {
    const spans = spansAt(level)
    const size = (spans[0] + 3) * (spans[1] + 3) * (spans[2] + 3)
    const coefficients = new Float64Array(size)
    for (let n = 0; n < options.iterationsPerLevel; n++) {
      iterations++
      const current = log.map((value, i) => value - total[i])
      const taking = withoutOutliers(current, options.outlierDeviations)
      const values = Float32Array.from(taking, (i) => current[i])
      const sharpened = sharpenHistogram(values, options.fullWidth, options.wienerNoise)
      const residual = values.map((value, i) => value - sharpened[i])
      const fit = fitSplineField(
        residual,
        taking.map((i) => where[i]),
        dims,
        spans,
      )
      const change = evaluateSplineField(fit, dims)
      for (let c = 0; c < size; c++) coefficients[c] += fit.coefficients[c]
      const steps = Float64Array.from(where, (i) => Math.exp(change[i]))
      for (let i = 0; i < where.length; i++) total[i] += change[where[i]]
      if (variation(steps) < options.tolerance) break
    }
    addTo(
      full,
      evaluateOnFine({ spans, coefficients }, grid.dims, small.grid.dims, grid, small.grid),
    )
  }
  const mean = total.reduce((a, b) => a + b, 0) / total.length
  const field = full.map((value) => Math.exp(value - mean))
  return { voxels: field.map((value, i) => voxels[i] / value), field, iterations }
}

/** Indices of the values near the median; all where more than half of them are one value. */
function withoutOutliers(values: Float32Array, deviations: number): Int32Array {
  const every = Int32Array.from(values, (_, i) => i)
  const middle = median(values)
  const reach = deviations * DEVIATION_OF_MAD * median(values.map((v) => Math.abs(v - middle)))
  if (reach === 0) return every
  return every.filter((i) => Math.abs(values[i] - middle) < reach)
}

const median = (values: Float32Array): number => values.slice().sort()[values.length >> 1]

const spansAt = (level: number): Triple => [2 ** level, 2 ** level, 2 ** level]

function addTo(sum: Float32Array, values: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] += values[i]
}

/** Standard deviation over mean. */
function variation(values: Float64Array): number {
  let sum = 0
  let squares = 0
  for (const value of values) {
    sum += value
    squares += value * value
  }
  const mean = sum / values.length
  return Math.sqrt(Math.max(0, squares / values.length - mean * mean)) / Math.abs(mean)
}

/**
 * The spline's box spans the centres of the shrunk grid's outermost voxels; the fine voxels beyond them, half a shrunk
 * voxel, take the value at the border.
 */
function evaluateOnFine(
  field: Parameters<typeof evaluateSplineField>[0],
  fineDims: Triple,
  smallDims: Triple,
  fine: VolumeGrid,
  small: VolumeGrid,
): Float32Array {
  const coarse = evaluateSplineField(field, smallDims)
  return spread(
    coarse,
    smallDims,
    fineDims,
    [0, 1, 2].map((axis) => Math.round(small.spacingMm[axis] / fine.spacingMm[axis])),
  )
}

/** Trilinear interpolation from block centres to voxels. */
function spread(
  coarse: Float32Array,
  from: Triple,
  to: Triple,
  factor: readonly number[],
): Float32Array {
  let current = coarse
  const size = [from[0], from[1], from[2]]
  for (let axis = 0; axis < 3; axis++) {
    const inner = size.slice(0, axis).reduce((a, b) => a * b, 1)
    const outer = size.slice(axis + 1).reduce((a, b) => a * b, 1)
    const next = new Float32Array(inner * to[axis] * outer)
    for (let t = 0; t < to[axis]; t++) {
      const at = Math.max(0, Math.min(size[axis] - 1, (t + 0.5) / factor[axis] - 0.5))
      const low = Math.min(Math.floor(at), Math.max(0, size[axis] - 2))
      const high = Math.min(size[axis] - 1, low + 1)
      const w = at - low
      for (let o = 0; o < outer; o++) {
        const a = inner * (low + size[axis] * o)
        const b = inner * (high + size[axis] * o)
        const target = inner * (t + to[axis] * o)
        for (let i = 0; i < inner; i++) {
          next[target + i] = (1 - w) * current[a + i] + w * current[b + i]
        }
      }
    }
    size[axis] = to[axis]
    current = next
  }
  return current
}
