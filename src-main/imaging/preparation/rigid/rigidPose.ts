import { invertAffine, multiplyAffines, type Affine, type Vector3 } from '../../geometry/index.ts'

/**
 * A rotation about a centre followed by a shift: x ↦ R·(x − c) + c + t, in mm of RAS+ space. `rotation` is a rotation
 * vector (Rodrigues): its direction is the axis, its length the angle in radians.
 */
export interface RigidPose {
  readonly rotation: Vector3
  readonly translationMm: Vector3
  readonly centreMm: Vector3
}

/** Row-major 3×3 rotation of a rotation vector, by Rodrigues' formula. */
function rotationMatrix([x, y, z]: Vector3): number[] {
  const angle = Math.hypot(x, y, z)
  // sin(θ)/θ and (1 − cos θ)/θ² by their series where θ is too small to divide by.
  const a = angle < 1e-6 ? 1 - angle ** 2 / 6 : Math.sin(angle) / angle
  const b = angle < 1e-6 ? 0.5 - angle ** 2 / 24 : (1 - Math.cos(angle)) / angle ** 2
  const c = Math.cos(angle)
  return [
    ...[c + b * x * x, b * x * y - a * z, b * x * z + a * y],
    ...[b * x * y + a * z, c + b * y * y, b * y * z - a * x],
    ...[b * x * z - a * y, b * y * z + a * x, c + b * z * z],
  ]
}

/** The pose as a 4×4 matrix from mm to mm. */
export function rigidAffine(pose: RigidPose): number[] {
  const r = rotationMatrix(pose.rotation)
  const [cx, cy, cz] = pose.centreMm
  const shift = (row: number): number =>
    pose.centreMm[row] +
    pose.translationMm[row] -
    (r[3 * row] * cx + r[3 * row + 1] * cy + r[3 * row + 2] * cz)
  return [
    ...[r[0], r[1], r[2], shift(0)],
    ...[r[3], r[4], r[5], shift(1)],
    ...[r[6], r[7], r[8], shift(2)],
    ...[0, 0, 0, 1],
  ]
}

/** What a rigid matrix does, in figures a person can judge. */
export interface RigidMotion {
  /** Angle of the rotation, 0…180. */
  readonly rotationDegrees: number
  /** How far the given point moves. */
  readonly shiftMm: number
}

/** Angle of a rigid matrix, and how far it moves a point (take the middle of the head). */
export function rigidMotion(affine: Affine, pointMm: Vector3): RigidMotion {
  const trace = affine[0] + affine[5] + affine[10]
  // The sine from the antisymmetric part: acos alone loses half the digits of a small angle.
  const sine = Math.hypot(affine[9] - affine[6], affine[2] - affine[8], affine[4] - affine[1]) / 2
  const [x, y, z] = pointMm
  const moved = (row: number): number =>
    affine[4 * row] * x + affine[4 * row + 1] * y + affine[4 * row + 2] * z + affine[4 * row + 3]
  return {
    rotationDegrees: (Math.atan2(sine, (trace - 1) / 2) * 180) / Math.PI,
    shiftMm: Math.hypot(moved(0) - x, moved(1) - y, moved(2) - z),
  }
}

/**
 * Matrix from the voxel indices of one grid to those of another whose worlds differ by a transform.
 *
 * @param fromIndexToWorld of the grid whose indices go in
 * @param worldToWorld from the world of the first grid to that of the second
 * @param toIndexToWorld of the grid whose indices come out
 */
export function indexToIndex(
  fromIndexToWorld: Affine,
  worldToWorld: Affine,
  toIndexToWorld: Affine,
): number[] {
  return multiplyAffines(
    invertAffine(toIndexToWorld),
    multiplyAffines(worldToWorld, fromIndexToWorld),
  )
}
