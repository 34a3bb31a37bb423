import { LABELS } from '../../contract/anatomy.ts'
import type { VolumeGrid } from '../../contract/volume.ts'
import {
  boundingBox,
  boxSize,
  cropMask,
  expandBox,
  gaussianBlur,
  gaussianRadius,
  mapAxes,
  pasteMask,
} from '../mask/index.ts'
import type { Box, Triple } from '../mask/index.ts'

/** Every label but the background. */
const LABELS_DRAWN = [LABELS.necrosis, LABELS.edema, LABELS.enhancing]

/**
 * Median filter: a voxel belongs where more than half of the box around it does. Removes spikes and fills pits thinner
 * than the radius. Outside the image counts as empty.
 *
 * @param radiusMm half the side of the box, rounded to whole voxels along each axis
 * @returns a new mask of zeros and ones
 */
export function medianSmooth(mask: Uint8Array, grid: VolumeGrid, radiusMm: number): Uint8Array {
  const radius = mapAxes((axis) => Math.round(radiusMm / grid.spacingMm[axis]))
  const bounds = boundingBox(mask, grid.dims)
  if (!bounds) return new Uint8Array(mask.length)
  const box = expandBox(bounds, radius, grid.dims)
  const dims = boxSize(box)
  let counts: Uint32Array<ArrayBufferLike> = Uint32Array.from(cropMask(mask, grid.dims, box))
  const strides = [1, dims[0], dims[0] * dims[1]]
  for (let axis = 0; axis < 3; axis++) {
    if (radius[axis] > 0) counts = runningSums(counts, dims[axis], strides[axis], radius[axis])
  }
  const half = radius.reduce((product, r) => product * (2 * r + 1), 1) / 2
  return pasteMask(
    Uint8Array.from(counts, (count) => (count > half ? 1 : 0)),
    grid.dims,
    box,
  )
}

/** Sums over 2 · radius + 1 neighbours along one axis. */
function runningSums(
  values: Uint32Array,
  length: number,
  stride: number,
  radius: number,
): Uint32Array {
  const sums = new Uint32Array(values.length)
  const block = length * stride
  for (let start = 0; start < values.length; start += block) {
    for (let lane = 0; lane < stride; lane++) {
      const first = start + lane
      let sum = 0
      for (let i = 0; i < Math.min(radius, length); i++) sum += values[first + i * stride]
      for (let i = 0; i < length; i++) {
        if (i + radius < length) sum += values[first + (i + radius) * stride]
        sums[first + i * stride] = sum
        if (i - radius >= 0) sum -= values[first + (i - radius) * stride]
      }
    }
  }
  return sums
}

/**
 * Gaussian smoothing: blurs a mask and keeps what is above one half. Shrinks small and sharply curved shapes.
 *
 * @param sigmaMm standard deviation of the blur
 * @returns a new mask of zeros and ones
 */
export function gaussianSmooth(mask: Uint8Array, grid: VolumeGrid, sigmaMm: number): Uint8Array {
  const bounds = boundingBox(mask, grid.dims)
  if (!bounds) return new Uint8Array(mask.length)
  const { box, sigma } = blurBox(bounds, grid, sigmaMm)
  const blurred = Float32Array.from(cropMask(mask, grid.dims, box))
  gaussianBlur(blurred, boxSize(box), sigma)
  return pasteMask(
    Uint8Array.from(blurred, (value) => (value > 0.5 ? 1 : 0)),
    grid.dims,
    box,
  )
}

/**
 * Smooths all labels of a labelmap together: each label and the background is blurred, and every voxel goes to the
 * strongest. Neighbouring labels keep their common border, without gaps or overlap. Outside the image counts as
 * background. Of equally strong labels the lowest wins.
 *
 * @param labels canonical labels
 * @param sigmaMm standard deviation of the blur
 * @returns new canonical labels
 */
export function jointSmooth(labels: Uint8Array, grid: VolumeGrid, sigmaMm: number): Uint8Array {
  const bounds = boundingBox(labels, grid.dims)
  if (!bounds) return new Uint8Array(labels.length)
  const { box, sigma } = blurBox(bounds, grid, sigmaMm)
  const dims = boxSize(box)
  const cropped = cropMask(labels, grid.dims, box)
  const strengths = LABELS_DRAWN.map((label) => {
    const strength = Float32Array.from(cropped, (value) => (value === label ? 1 : 0))
    gaussianBlur(strength, dims, sigma)
    return strength
  })
  const smoothed = cropped.map((_, voxel) => {
    let winner = 0
    // The blurred shares of all labels and the background sum to 1.
    let most = strengths.reduce((rest, strength) => rest - strength[voxel], 1)
    for (const [index, label] of LABELS_DRAWN.entries()) {
      if (strengths[index][voxel] <= most) continue
      most = strengths[index][voxel]
      winner = label
    }
    return winner
  })
  return pasteMask(smoothed, grid.dims, box)
}

/** The box a blur can reach, and its width in voxels. */
function blurBox(bounds: Box, grid: VolumeGrid, sigmaMm: number): { box: Box; sigma: Triple } {
  const sigma = mapAxes((axis) => sigmaMm / grid.spacingMm[axis])
  const reach = mapAxes((axis) => gaussianRadius(sigma[axis]))
  return { box: expandBox(bounds, reach, grid.dims), sigma }
}
