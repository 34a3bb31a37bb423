import type { VolumeGrid } from '../../../src-main/contract/volume.ts'
import type { Voxels } from '../../../src-main/imaging/volume/index.ts'
import type { ViewPlane } from '../geometry/viewPlane.ts'
import type { DisplayWindow } from '../windowing/displayWindow.ts'

/** One windowed slice, pixel (u, v) in the raster order of `sliceValues`. */
export interface GreySlice {
  width: number
  height: number
  /** 0 black to 255 white; what is not a number is black. */
  grey: Uint8ClampedArray
}

/** Cuts and windows a slice without graphics hardware: what the viewer draws where there is no WebGL. */
export function greySlice(
  voxels: Voxels,
  grid: VolumeGrid,
  view: ViewPlane,
  slice: number,
  window: DisplayWindow,
): GreySlice {
  const { dims } = grid
  const strides = [1, dims[0], dims[0] * dims[1]]
  const width = dims[view.right.axis]
  const height = dims[view.down.axis]
  const scale = 255 / (window.high - window.low)
  const base = slice * strides[view.through.axis]
  const grey = new Uint8ClampedArray(width * height)
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      const index = base + u * strides[view.right.axis] + v * strides[view.down.axis]
      // The clamped array rounds, limits to 0–255 and turns NaN into 0.
      grey[u + width * v] = (voxels[index] - window.low) * scale
    }
  }
  return { width, height, grey }
}
