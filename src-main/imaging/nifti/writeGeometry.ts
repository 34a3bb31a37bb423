import type { VolumeGrid } from '../../contract/volume.ts'
import { affineDeterminant, directionOf, originOf, spacingOf } from '../geometry/index.ts'
import type { HeaderFields, HeaderLayout } from './headerLayout.ts'
import type { NiftiHeader } from './niftiHeader.ts'

/** NIfTI code "coordinates of the scanner", for grids that come without a code of their own. */
const SCANNER_CODE = 1

/**
 * Writes dims, pixel sizes, sform and qform of a grid. The sform carries the exact matrix; the qform the nearest
 * rotation, and its code is 0 where the grid is sheared, so that no reader prefers a wrong one.
 */
export function writeGeometry(
  fields: HeaderFields,
  layout: HeaderLayout,
  grid: VolumeGrid,
  template?: NiftiHeader,
): void {
  const code = template?.sformCode || template?.qformCode || SCANNER_CODE
  const spacing = spacingOf(grid.indexToWorld)
  const isLeftHanded = affineDeterminant(grid.indexToWorld) < 0
  const direction = directionOf(grid.indexToWorld)
  if (isLeftHanded) for (const position of [2, 5, 8]) direction[position] *= -1
  const isRotation = isOrthogonal(direction)

  const dim = [3, ...grid.dims, 1, 1, 1, 1]
  dim.forEach((length, index) => fields.setDim(index, length))
  const pixdim = [isLeftHanded ? -1 : 1, ...spacing]
  pixdim.forEach((size, index) => fields.setReal(layout.pixdim, size, index))

  fields.setCode(layout.sformCode, code)
  for (let index = 0; index < 12; index++) {
    fields.setReal(layout.sformRows, grid.indexToWorld[index], index)
  }
  fields.setCode(layout.qformCode, isRotation ? code : 0)
  const quaternion = isRotation ? quaternionOf(direction) : [0, 0, 0]
  const numbers = [...quaternion, ...originOf(grid.indexToWorld)]
  numbers.forEach((value, index) => fields.setReal(layout.quaternion, value, index))
}

function isOrthogonal(direction: readonly number[]): boolean {
  for (let left = 0; left < 3; left++) {
    for (let right = left + 1; right < 3; right++) {
      let dot = 0
      for (let row = 0; row < 3; row++)
        dot += direction[3 * row + left] * direction[3 * row + right]
      if (Math.abs(dot) > 1e-4) return false
    }
  }
  return true
}

/**
 * Components b, c, d of the unit quaternion a + bi + cj + dk with a ≥ 0 of a row-major rotation matrix,
 * computed from its largest component for accuracy (Shepperd 1978).
 */
export function quaternionOf(rotation: readonly number[]): [number, number, number] {
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = rotation
  const trace = xx + yy + zz
  let quaternion: [number, number, number, number]
  if (trace > 0) {
    const s = 2 * Math.sqrt(1 + trace)
    quaternion = [s / 4, (zy - yz) / s, (xz - zx) / s, (yx - xy) / s]
  } else if (xx >= yy && xx >= zz) {
    const s = 2 * Math.sqrt(1 + xx - yy - zz)
    quaternion = [(zy - yz) / s, s / 4, (xy + yx) / s, (xz + zx) / s]
  } else if (yy >= zz) {
    const s = 2 * Math.sqrt(1 + yy - xx - zz)
    quaternion = [(xz - zx) / s, (xy + yx) / s, s / 4, (yz + zy) / s]
  } else {
    const s = 2 * Math.sqrt(1 + zz - xx - yy)
    quaternion = [(yx - xy) / s, (xz + zx) / s, (yz + zy) / s, s / 4]
  }
  const [a, b, c, d] = quaternion
  const sign = a < 0 ? -1 : 1
  return [b * sign, c * sign, d * sign]
}
