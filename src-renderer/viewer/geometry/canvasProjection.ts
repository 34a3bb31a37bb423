import type { VolumeGrid } from '../../../src-main/contract/volume.ts'
import {
  indexToWorld,
  worldToIndex,
  type Vector3,
} from '../../../src-main/imaging/geometry/index.ts'
import type { ViewPlane } from './viewPlane.ts'

export interface CanvasSize {
  width: number
  height: number
}

/**
 * One view's parallel projection, in CSS pixels. Everything on the screen (image camera, label overlay,
 * brush cursor, crosshair, pointer) goes through the same record, so that nothing can be off by a half.
 */
export interface CanvasProjection {
  grid: VolumeGrid
  view: ViewPlane
  size: CanvasSize
  /** Screen millimetres of one CSS pixel. */
  mmPerPixel: number
  /** RAS point in the middle of the canvas, on the shown slice. */
  centreRas: Vector3
  /** Index of the shown slice along `view.through.axis`. */
  slice: number
}

const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

/** The voxels worth looking at, first and last on each axis: the head without the empty border. */
export interface ContentBox {
  first: Vector3
  last: Vector3
}

/** The whole grid as a content box. */
export const wholeGrid = (grid: VolumeGrid): ContentBox => ({
  first: [0, 0, 0],
  last: [grid.dims[0] - 1, grid.dims[1] - 1, grid.dims[2] - 1],
})

/** Millimetres a pixel at which a plane of the content just fits a canvas, with some air around it. */
export function fitMmPerPixel(
  grid: VolumeGrid,
  view: ViewPlane,
  size: CanvasSize,
  content: ContentBox,
): number {
  const extentMm = (axis: number): number =>
    (content.last[axis] - content.first[axis] + 1) * grid.spacingMm[axis]
  const across = extentMm(view.right.axis) / Math.max(1, size.width)
  const along = extentMm(view.down.axis) / Math.max(1, size.height)
  return Math.max(across, along) * 1.12
}

/**
 * Builds a view's projection, centred on the content.
 *
 * @param panMm shift of the image on the screen in millimetres, right and down
 */
export function projectionOf(
  grid: VolumeGrid,
  view: ViewPlane,
  size: CanvasSize,
  slice: number,
  content: ContentBox,
  mmPerPixel: number,
  panMm: readonly [number, number],
): CanvasProjection {
  const middle = [0, 1, 2].map((axis) => (content.first[axis] + content.last[axis]) / 2)
  middle[view.through.axis] = slice
  const centre = indexToWorld(grid, [middle[0], middle[1], middle[2]])
  const along = (axis: 0 | 1 | 2): number =>
    centre[axis] - view.rightRas[axis] * panMm[0] - view.downRas[axis] * panMm[1]
  return { grid, view, size, mmPerPixel, slice, centreRas: [along(0), along(1), along(2)] }
}

/** Canvas position, in CSS pixels from the top left, of a point in RAS millimetres. */
export function rasToCanvas(projection: CanvasProjection, point: Vector3): [number, number] {
  const { centreRas: c, view, mmPerPixel, size } = projection
  const offset: Vector3 = [point[0] - c[0], point[1] - c[1], point[2] - c[2]]
  return [
    size.width / 2 + dot(offset, view.rightRas) / mmPerPixel,
    size.height / 2 + dot(offset, view.downRas) / mmPerPixel,
  ]
}

/** RAS millimetres of a canvas position, on the shown slice. */
export function canvasToRas(projection: CanvasProjection, x: number, y: number): Vector3 {
  const { centreRas: c, view, mmPerPixel, size } = projection
  const right = (x - size.width / 2) * mmPerPixel
  const down = (y - size.height / 2) * mmPerPixel
  const along = (axis: 0 | 1 | 2): number =>
    c[axis] + view.rightRas[axis] * right + view.downRas[axis] * down
  return [along(0), along(1), along(2)]
}

/** Continuous voxel index under a canvas position; exact on the slice axis. */
export function canvasToIndex(
  projection: CanvasProjection,
  x: number,
  y: number,
): [number, number, number] {
  const index = worldToIndex(projection.grid, canvasToRas(projection, x, y))
  const result: [number, number, number] = [index[0], index[1], index[2]]
  result[projection.view.through.axis] = projection.slice
  return result
}

/** Canvas position of a continuous voxel index. */
export const indexToCanvas = (projection: CanvasProjection, index: Vector3): [number, number] =>
  rasToCanvas(projection, indexToWorld(projection.grid, index))

/**
 * The canvas transform (a, b, c, d, e, f of `setTransform`) from slice raster coordinates to CSS pixels.
 * Raster pixel (u, v) is voxel u along the right axis and v along the down axis, both in storage
 * direction; its cell spans [u, u+1] × [v, v+1], hence the half voxel.
 */
export function rasterTransform(
  projection: CanvasProjection,
): [number, number, number, number, number, number] {
  const { view, slice } = projection
  const at = (u: number, v: number): [number, number] => {
    const index: [number, number, number] = [0, 0, 0]
    index[view.through.axis] = slice
    index[view.right.axis] = u - 0.5
    index[view.down.axis] = v - 0.5
    return indexToCanvas(projection, index)
  }
  const origin = at(0, 0)
  const u = at(1, 0)
  const v = at(0, 1)
  return [u[0] - origin[0], u[1] - origin[1], v[0] - origin[0], v[1] - origin[1], ...origin]
}
