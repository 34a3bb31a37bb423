import type { VolumeGrid } from '../../../src-main/contract/volume.ts'
import type { ViewPlane } from '../geometry/viewPlane.ts'

/** One slice of a byte volume: pixel (u, v) at `values[u + width * v]`, both in storage direction. */
export interface SliceValues {
  width: number
  height: number
  values: Uint8Array
}

/** Cuts a slice out of a byte volume (labels, uncertainty) in the raster order of a view. */
export function sliceValues(
  voxels: Uint8Array,
  grid: VolumeGrid,
  view: ViewPlane,
  slice: number,
): SliceValues {
  const { dims } = grid
  const strides = [1, dims[0], dims[0] * dims[1]]
  const width = dims[view.right.axis]
  const height = dims[view.down.axis]
  const stepU = strides[view.right.axis]
  const stepV = strides[view.down.axis]
  const base = slice * strides[view.through.axis]
  const values = new Uint8Array(width * height)
  let out = 0
  for (let v = 0; v < height; v++) {
    let index = base + v * stepV
    for (let u = 0; u < width; u++) {
      values[out++] = voxels[index]
      index += stepU
    }
  }
  return { width, height, values }
}
