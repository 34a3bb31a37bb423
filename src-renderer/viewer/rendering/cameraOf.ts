import type { Vector3 } from '../../../src-main/imaging/geometry/index.ts'
import type { CanvasProjection } from '../geometry/canvasProjection.ts'

type Triple = [number, number, number]

/** What cornerstone3D needs to know of a parallel view, in LPS millimetres. */
export interface SliceCamera {
  focalPoint: Triple
  position: Triple
  viewPlaneNormal: Triple
  viewUp: Triple
  /** Half the height of the canvas, in millimetres. */
  parallelScale: number
}

/** Distance of the camera from its slice; without meaning in a parallel view, but it must not be zero. */
const CAMERA_DISTANCE_MM = 500

const toLps = (v: Vector3): Triple => [-v[0], -v[1], v[2]]

/** The camera that shows exactly what a projection says. */
export function cameraOf({ view, centreRas, mmPerPixel, size }: CanvasProjection): SliceCamera {
  const focalPoint = toLps(centreRas)
  const normal = toLps(view.normalRas)
  const down = toLps(view.downRas)
  const along = (axis: 0 | 1 | 2): number => focalPoint[axis] + normal[axis] * CAMERA_DISTANCE_MM
  return {
    focalPoint,
    position: [along(0), along(1), along(2)],
    viewPlaneNormal: normal,
    viewUp: [-down[0], -down[1], -down[2]],
    parallelScale: (size.height * mmPerPixel) / 2,
  }
}
