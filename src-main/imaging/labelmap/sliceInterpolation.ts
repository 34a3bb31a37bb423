import type { VolumeGrid } from '../../contract/volume.ts'
import {
  boundingBox,
  boxSize,
  cropMask,
  expandBox,
  squaredDistanceTransform,
  unionBox,
} from '../mask/index.ts'
import type { Triple } from '../mask/index.ts'

type Axis = 0 | 1 | 2

/**
 * Fills the gaps between drawn slices of a mask by shape-based interpolation (Raya & Udupa 1990, doi
 * 10.1109/42.52980): the signed distance to the outline, positive inside, is interpolated linearly from one drawn
 * slice to the next, and what is not negative is inside. Drawn slices stay as they are. Outlines that do not
 * overlap give an empty middle.
 *
 * @param axis index axis the slices follow each other along
 * @returns a new mask of zeros and ones
 */
export function interpolateSlices(mask: Uint8Array, grid: VolumeGrid, axis: Axis): Uint8Array {
  const layout = sliceLayout(grid, axis)
  const filled = mask.map((value) => (value !== 0 ? 1 : 0))
  let previous: { slice: number; plane: Uint8Array } | null = null
  for (let slice = 0; slice < grid.dims[axis]; slice++) {
    const plane = takePlane(filled, layout, slice)
    if (!plane.includes(1)) continue
    if (previous && slice - previous.slice > 1) {
      fillGap(filled, layout, previous, { slice, plane })
    }
    previous = { slice, plane }
  }
  return filled
}

/** How the planes across an axis lie in the flat array: strides and spacing of their two axes. */
interface SliceLayout {
  readonly dims: Triple
  readonly spacingMm: Triple
  readonly rowStride: number
  readonly columnStride: number
  readonly sliceStride: number
}

function sliceLayout(grid: VolumeGrid, axis: Axis): SliceLayout {
  const strides = [1, grid.dims[0], grid.dims[0] * grid.dims[1]]
  const [row, column] = [0, 1, 2].filter((other) => other !== axis)
  return {
    dims: [grid.dims[row], grid.dims[column], 1],
    spacingMm: [grid.spacingMm[row], grid.spacingMm[column], 1],
    rowStride: strides[row],
    columnStride: strides[column],
    sliceStride: strides[axis],
  }
}

function takePlane(mask: Uint8Array, layout: SliceLayout, slice: number): Uint8Array {
  const [nx, ny] = layout.dims
  const plane = new Uint8Array(nx * ny)
  for (let y = 0; y < ny; y++) {
    const source = slice * layout.sliceStride + y * layout.columnStride
    for (let x = 0; x < nx; x++) plane[x + nx * y] = mask[source + x * layout.rowStride]
  }
  return plane
}

interface DrawnSlice {
  readonly slice: number
  readonly plane: Uint8Array
}

function fillGap(filled: Uint8Array, layout: SliceLayout, from: DrawnSlice, to: DrawnSlice): void {
  const bounds = [from, to].map(({ plane }) => boundingBox(plane, layout.dims))
  if (!bounds[0] || !bounds[1]) return
  // Beyond the box around both outlines both distances are negative.
  const box = expandBox(unionBox(bounds[0], bounds[1]), [1, 1, 0], layout.dims)
  const size = boxSize(box)
  const signed = [from, to].map(({ plane }) =>
    signedDistance(cropMask(plane, layout.dims, box), size, layout.spacingMm),
  )
  for (let slice = from.slice + 1; slice < to.slice; slice++) {
    const share = (slice - from.slice) / (to.slice - from.slice)
    for (let y = 0; y < size[1]; y++) {
      const row =
        slice * layout.sliceStride +
        (box.low[1] + y) * layout.columnStride +
        box.low[0] * layout.rowStride
      for (let x = 0; x < size[0]; x++) {
        const index = x + size[0] * y
        const distance = (1 - share) * signed[0][index] + share * signed[1][index]
        if (distance >= 0) filled[row + x * layout.rowStride] = 1
      }
    }
  }
}

/** Distance in mm to the nearest voxel of the other side; positive inside the mask, negative outside. */
function signedDistance(plane: Uint8Array, dims: Triple, spacingMm: Triple): Float64Array {
  const outside = plane.map((value) => (value === 0 ? 1 : 0))
  const toMask = squaredDistanceTransform(plane, dims, spacingMm)
  const toOutside = squaredDistanceTransform(outside, dims, spacingMm)
  return toMask.map((squared, i) =>
    plane[i] !== 0 ? Math.sqrt(toOutside[i]) : -Math.sqrt(squared),
  )
}
