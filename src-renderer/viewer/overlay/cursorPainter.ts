import {
  canvasToIndex,
  indexToCanvas,
  type CanvasProjection,
} from '../geometry/canvasProjection.ts'
import type { Vector3 } from '../../../src-main/imaging/geometry/index.ts'
import { PLANES, viewPlaneOf, type Plane } from '../geometry/viewPlane.ts'

/** 3D Slicer's colours of the planes. */
export const PLANE_COLOURS: Record<Plane, string> = {
  axial: '#f34a33',
  sagittal: '#edd54c',
  coronal: '#6eb04b',
}

const CROSSHAIR_GAP = 12

/** Draws the crosshair: each line in the colour of the plane it marks, open in the middle. */
export function drawCrosshair(
  context: CanvasRenderingContext2D,
  projection: CanvasProjection,
  voxel: Vector3,
): void {
  const [x, y] = indexToCanvas(projection, voxel)
  const { width, height } = projection.size
  const planeAcross = (axis: number): Plane =>
    PLANES.find((plane) => viewPlaneOf(projection.grid, plane).through.axis === axis) ?? 'axial'
  const line = (colour: string, points: [number, number, number, number][]): void => {
    context.strokeStyle = colour
    context.beginPath()
    for (const [x1, y1, x2, y2] of points) {
      context.moveTo(x1, y1)
      context.lineTo(x2, y2)
    }
    context.stroke()
  }
  context.save()
  context.lineWidth = 1
  context.globalAlpha = 0.75
  const column = Math.round(x) + 0.5
  const row = Math.round(y) + 0.5
  line(PLANE_COLOURS[planeAcross(projection.view.right.axis)], [
    [column, 0, column, row - CROSSHAIR_GAP],
    [column, row + CROSSHAIR_GAP, column, height],
  ])
  line(PLANE_COLOURS[planeAcross(projection.view.down.axis)], [
    [0, row, column - CROSSHAIR_GAP, row],
    [column + CROSSHAIR_GAP, row, width, row],
  ])
  context.restore()
}

/** Draws where the pointer of a linked view stands in this one. */
export function drawLinkedPointer(
  context: CanvasRenderingContext2D,
  projection: CanvasProjection,
  index: Vector3,
): void {
  const [x, y] = indexToCanvas(projection, index)
  context.save()
  for (const [colour, width] of [
    ['rgb(0 0 0 / 0.7)', 3],
    ['rgb(255 255 255 / 0.95)', 1],
  ] as const) {
    context.strokeStyle = colour
    context.lineWidth = width
    context.beginPath()
    context.moveTo(x - 6, y)
    context.lineTo(x + 6, y)
    context.moveTo(x, y - 6)
    context.lineTo(x, y + 6)
    context.stroke()
  }
  context.restore()
}

/**
 * Draws the brush: a circle that is round in millimetres, or, for the one-voxel brush, the outline of the
 * very voxel that a click would paint.
 */
export function drawBrushCursor(
  context: CanvasRenderingContext2D,
  projection: CanvasProjection,
  x: number,
  y: number,
  radiusMm: number,
  colour: string,
): void {
  const path = new Path2D()
  if (radiusMm > 0) {
    path.arc(x, y, radiusMm / projection.mmPerPixel, 0, 2 * Math.PI)
  } else {
    const { view } = projection
    const voxel = canvasToIndex(projection, x, y).map((value) => Math.floor(value + 0.5))
    const corner = (u: number, v: number): [number, number] => {
      const index: [number, number, number] = [voxel[0], voxel[1], voxel[2]]
      index[view.right.axis] += u
      index[view.down.axis] += v
      return indexToCanvas(projection, index)
    }
    path.moveTo(...corner(-0.5, -0.5))
    path.lineTo(...corner(0.5, -0.5))
    path.lineTo(...corner(0.5, 0.5))
    path.lineTo(...corner(-0.5, 0.5))
    path.closePath()
  }
  context.save()
  context.strokeStyle = 'rgb(0 0 0 / 0.65)'
  context.lineWidth = 3
  context.stroke(path)
  context.strokeStyle = colour
  context.lineWidth = 1.5
  context.stroke(path)
  context.restore()
}

/** Draws an outline being drawn by hand, closed by a thin line. */
export function drawFreehand(
  context: CanvasRenderingContext2D,
  projection: CanvasProjection,
  points: readonly Vector3[],
  colour: string,
): void {
  if (points.length < 2) return
  context.save()
  context.strokeStyle = colour
  context.lineWidth = 1.5
  context.beginPath()
  points.forEach((point, n) => {
    const [x, y] = indexToCanvas(projection, point)
    if (n === 0) context.moveTo(x, y)
    else context.lineTo(x, y)
  })
  context.stroke()
  context.setLineDash([3, 3])
  context.lineWidth = 1
  context.beginPath()
  context.moveTo(...indexToCanvas(projection, points[points.length - 1]))
  context.lineTo(...indexToCanvas(projection, points[0]))
  context.stroke()
  context.restore()
}
