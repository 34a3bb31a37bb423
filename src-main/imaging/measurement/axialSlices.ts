import type { VolumeGrid } from '../../contract/volume.ts'
import { axisOrientation } from '../geometry/index.ts'
import type { PlanePoint } from './convexHull.ts'

/** The slices of a grid that are nearest to axial ones, with a metric in their plane. */
export interface AxialSlices {
  /** Index axis that goes from slice to slice. */
  readonly axis: number
  readonly inPlane: readonly [number, number]
  /** Between the slice's normal and the direction from feet to head. */
  readonly tiltDegrees: number
  /** Between the planes. */
  readonly spacingMm: number
  /** Millimetres in the plane, also where its axes are not perpendicular. */
  pointOf(voxel: readonly [number, number, number]): PlanePoint
}

/** Finds the index axis nearest to the direction from feet to head. */
export function axialSlices({ indexToWorld }: VolumeGrid): AxialSlices {
  const axis = axisOrientation(indexToWorld).worldAxis.indexOf(2)
  const inPlane: readonly [number, number] = axis === 0 ? [1, 2] : axis === 1 ? [0, 2] : [0, 1]
  const column = (of: number): number[] => [0, 4, 8].map((row) => indexToWorld[row + of])
  const [u, v] = inPlane.map(column)
  const uLength = Math.hypot(...u)
  const along = dot(u, v) / uLength
  const across = Math.hypot(...v.map((part, n) => part - (along * u[n]) / uLength))
  const normal = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]]
  const area = Math.hypot(...normal)
  return {
    axis,
    inPlane,
    tiltDegrees: (Math.acos(Math.min(1, Math.abs(normal[2]) / area)) * 180) / Math.PI,
    spacingMm: Math.abs(dot(normal, column(axis))) / area,
    pointOf: (voxel) => ({
      x: voxel[inPlane[0]] * uLength + voxel[inPlane[1]] * along,
      y: voxel[inPlane[1]] * across,
    }),
  }
}

const dot = (left: readonly number[], right: readonly number[]): number =>
  left[0] * right[0] + left[1] * right[1] + left[2] * right[2]
