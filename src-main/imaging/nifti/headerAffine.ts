import { affineDeterminant, orientationCode } from '../geometry/index.ts'
import type { AffineSource } from './niftiHeader.ts'

/** The geometry fields of a NIfTI header, as stored. */
export interface GeometryFields {
  readonly dims: readonly [number, number, number]
  /** pixdim[0..3]; pixdim[0] is the handedness of the qform. */
  readonly pixdim: readonly [number, number, number, number]
  readonly qformCode: number
  readonly sformCode: number
  readonly quaternion: readonly [number, number, number]
  readonly quaternionOffset: readonly [number, number, number]
  /** The three stored rows of the sform matrix, 12 numbers. */
  readonly sformRows: readonly number[]
}

/**
 * Chooses the index-to-world matrix in nibabel's order: sform where its code is not 0, else qform where its
 * code is not 0, else the pixel sizes with the first axis pointing left and the world origin in the middle of
 * the image (the Analyze habit nibabel keeps). A matrix that is singular or not finite is passed over, with a
 * warning; so is told an sform whose axes run otherwise than those of the qform.
 *
 * @returns units of the file (normally mm)
 */
export function chooseAffine(
  fields: GeometryFields,
  warnings: string[],
): { affine: number[]; source: AffineSource } {
  if (fields.sformCode !== 0) {
    const affine = [...fields.sformRows, 0, 0, 0, 1]
    if (isUsable(affine)) {
      const other = fields.qformCode === 0 ? null : qformAffine(fields)
      if (other && isUsable(other) && orientationCode(other) !== orientationCode(affine)) {
        warnings.push(
          `The sform says ${orientationCode(affine)} and the qform ${orientationCode(other)}: they disagree about the sides. The sform was used.`,
        )
      }
      return { affine, source: 'sform' }
    }
    warnings.push('The sform matrix is singular and was passed over.')
  }
  if (fields.qformCode !== 0) {
    const affine = qformAffine(fields)
    if (isUsable(affine)) return { affine, source: 'qform' }
    warnings.push('The qform is not a rotation and was passed over.')
  }
  return { affine: pixdimAffine(fields), source: 'pixdim' }
}

function isUsable(affine: readonly number[]): boolean {
  return affine.every(Number.isFinite) && Math.abs(affineDeterminant(affine)) > 1e-12
}

/** Method 2 of the NIfTI-1 standard: a unit quaternion, pixel sizes, a handedness and an offset. */
function qformAffine(fields: GeometryFields): number[] {
  const [b, c, d] = fields.quaternion
  const length = b * b + c * c + d * d
  // Stored as float32, so a half turn may come out a hair longer than 1: then a = 0, as in nibabel.
  const a = length > 1 ? 0 : Math.sqrt(1 - length)
  const scale = length > 1 ? 1 / Math.sqrt(length) : 1
  if (length > 1 + 1e-5) return new Array<number>(16).fill(NaN)
  const [x, y, z] = [b * scale, c * scale, d * scale]
  const handedness = fields.pixdim[0] < 0 ? -1 : 1
  const [dx, dy, dz] = [fields.pixdim[1], fields.pixdim[2], fields.pixdim[3] * handedness]
  const [ox, oy, oz] = fields.quaternionOffset
  return [
    (a * a + x * x - y * y - z * z) * dx,
    2 * (x * y - a * z) * dy,
    2 * (x * z + a * y) * dz,
    ox,
    2 * (x * y + a * z) * dx,
    (a * a + y * y - x * x - z * z) * dy,
    2 * (y * z - a * x) * dz,
    oy,
    2 * (x * z - a * y) * dx,
    2 * (y * z + a * x) * dy,
    (a * a + z * z - x * x - y * y) * dz,
    oz,
    ...[0, 0, 0, 1],
  ]
}

function pixdimAffine(fields: GeometryFields): number[] {
  const [nx, ny, nz] = fields.dims
  const [, dx, dy, dz] = fields.pixdim
  return [
    ...[-dx, 0, 0, (dx * (nx - 1)) / 2],
    ...[0, dy, 0, (-dy * (ny - 1)) / 2],
    ...[0, 0, dz, (-dz * (nz - 1)) / 2],
    ...[0, 0, 0, 1],
  ]
}
