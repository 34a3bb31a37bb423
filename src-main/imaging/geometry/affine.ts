/** A row-major 4×4 matrix; `affine[4 * row + column]`, last row 0 0 0 1. */
export type Affine = readonly number[]
export type Vector3 = readonly [number, number, number]

export const IDENTITY_AFFINE: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]

/** The matrix product `left · right`: the map that applies `right` first. */
export function multiplyAffines(left: Affine, right: Affine): number[] {
  const product = new Array<number>(16)
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++) {
      let sum = 0
      for (let k = 0; k < 4; k++) sum += left[4 * row + k] * right[4 * k + column]
      product[4 * row + column] = sum
    }
  }
  return product
}

/** Determinant of the upper left 3×3 block; its magnitude is the volume of one voxel in mm³. */
export function affineDeterminant(affine: Affine): number {
  const [a, b, c, , d, e, f, , g, h, i] = affine
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
}

/**
 * The inverse map.
 *
 * @throws RangeError where the matrix is singular
 */
export function invertAffine(affine: Affine): number[] {
  const determinant = affineDeterminant(affine)
  if (!Number.isFinite(determinant) || determinant === 0) {
    throw new RangeError('A singular affine matrix has no inverse')
  }
  const [a, b, c, x, d, e, f, y, g, h, i, z] = affine
  const s = 1 / determinant
  const m = [
    (e * i - f * h) * s,
    (c * h - b * i) * s,
    (b * f - c * e) * s,
    (f * g - d * i) * s,
    (a * i - c * g) * s,
    (c * d - a * f) * s,
    (d * h - e * g) * s,
    (b * g - a * h) * s,
    (a * e - b * d) * s,
  ]
  const back = (row: number): number => -(m[row] * x + m[row + 1] * y + m[row + 2] * z)
  return [
    ...[m[0], m[1], m[2], back(0)],
    ...[m[3], m[4], m[5], back(3)],
    ...[m[6], m[7], m[8], back(6)],
    ...[0, 0, 0, 1],
  ]
}

/** Maps a point through an affine matrix. */
export function transformPoint(affine: Affine, point: Vector3): [number, number, number] {
  const [x, y, z] = point
  return [
    affine[0] * x + affine[1] * y + affine[2] * z + affine[3],
    affine[4] * x + affine[5] * y + affine[6] * z + affine[7],
    affine[8] * x + affine[9] * y + affine[10] * z + affine[11],
  ]
}

/**
 * Changes an index-to-world matrix between RAS+ (NIfTI, this program) and LPS+ (DICOM, the viewer): the
 * first two world axes change sign. The same function goes both ways.
 */
export function swapRasLps(affine: Affine): number[] {
  return affine.map((value, position) => (position < 8 ? (value === 0 ? 0 : -value) : value))
}
