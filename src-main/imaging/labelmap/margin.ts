import type { VolumeGrid } from '../../contract/volume.ts'
import {
  boundingBox,
  boxSize,
  cropMask,
  expandBox,
  mapAxes,
  pasteMask,
  squaredDistanceTransform,
} from '../mask/index.ts'

/** Keeps a voxel at exactly the margin in, whatever the rounding of its distance. */
const ROUNDING = 1 + 1e-9

/**
 * Grows a mask to every voxel whose centre lies within a distance of one of its own, measured in mm in all directions.
 *
 * @param marginMm 0 or more
 * @returns a new mask of zeros and ones; empty for an empty mask
 */
export function growMargin(mask: Uint8Array, grid: VolumeGrid, marginMm: number): Uint8Array {
  const bounds = boundingBox(mask, grid.dims)
  if (!bounds) return new Uint8Array(mask.length)
  const reach = mapAxes((axis) => Math.ceil(marginMm / grid.spacingMm[axis]))
  const box = expandBox(bounds, reach, grid.dims)
  const inside = cropMask(mask, grid.dims, box)
  const squared = squaredDistanceTransform(inside, boxSize(box), grid.spacingMm)
  const limit = marginMm * marginMm * ROUNDING
  for (let i = 0; i < inside.length; i++) inside[i] = squared[i] <= limit ? 1 : 0
  return pasteMask(inside, grid.dims, box)
}

/**
 * Shrinks a mask: voxels within a distance of a voxel outside it go. The edge of the image is no outside, so a
 * mask cut by the field of view does not shrink from there.
 *
 * @param marginMm 0 or more
 * @returns a new mask of zeros and ones
 */
export function shrinkMargin(mask: Uint8Array, grid: VolumeGrid, marginMm: number): Uint8Array {
  const bounds = boundingBox(mask, grid.dims)
  if (!bounds) return new Uint8Array(mask.length)
  // One voxel more to each side: the nearest voxel outside the mask is never further off.
  const box = expandBox(bounds, [1, 1, 1], grid.dims)
  const outside = cropMask(mask, grid.dims, box).map((value) => (value === 0 ? 1 : 0))
  const squared = squaredDistanceTransform(outside, boxSize(box), grid.spacingMm)
  const limit = marginMm * marginMm * ROUNDING
  const kept = outside.map((value, i) => (value === 0 && squared[i] > limit ? 1 : 0))
  return pasteMask(kept, grid.dims, box)
}

/** Keeps only the shell of a mask: its voxels within a distance of a voxel outside it. */
export function hollow(mask: Uint8Array, grid: VolumeGrid, thicknessMm: number): Uint8Array {
  const core = shrinkMargin(mask, grid, thicknessMm)
  return mask.map((value, i) => (value !== 0 && core[i] === 0 ? 1 : 0))
}
