import type { VolumeGrid } from '../../../contract/volume.ts'
import { connectedComponents, growMargin } from '../../labelmap/index.ts'
import { gaussianBlur } from '../../mask/index.ts'
import { otsuThreshold } from './otsuThreshold.ts'

/** Share of Otsu's threshold at which the head begins: dark skull and fluid belong to it, air does not. */
const SHARE_OF_OTSU = 0.5
const BLUR_MM = 2

/**
 * A rough mask of the head (or of the brain, where the skull is gone already): the largest bright component, grown by a
 * margin so that the outline itself, which tells most about the pose, is inside.
 *
 * @returns all zeros for a constant image
 */
export function headMask(
  voxels: ArrayLike<number>,
  grid: VolumeGrid,
  marginMm: number,
): Uint8Array {
  const blurred = Float32Array.from(voxels)
  const { dims, spacingMm } = grid
  gaussianBlur(blurred, dims, [
    BLUR_MM / spacingMm[0],
    BLUR_MM / spacingMm[1],
    spacingMm[2] > 2 * BLUR_MM ? 0 : BLUR_MM / spacingMm[2],
  ])
  const threshold = SHARE_OF_OTSU * otsuThreshold(blurred)
  const bright = new Uint8Array(blurred.length)
  for (let i = 0; i < bright.length; i++) bright[i] = blurred[i] > threshold ? 1 : 0
  const { ids, count, sizes } = connectedComponents(bright, dims, 6)
  if (count === 0) return bright
  let largest = 1
  for (let id = 2; id <= count; id++) if (sizes[id] > sizes[largest]) largest = id
  for (let i = 0; i < bright.length; i++) bright[i] = ids[i] === largest ? 1 : 0
  return marginMm > 0 ? growMargin(bright, grid, marginMm) : bright
}

/** Middle of a mask in mm, weighted by intensity; null where the mask is empty. */
export function centreOfMass(
  voxels: ArrayLike<number>,
  mask: Uint8Array,
  grid: VolumeGrid,
): [number, number, number] | null {
  let x = 0
  let y = 0
  let z = 0
  let total = 0
  const [nx, ny] = grid.dims
  for (let n = 0; n < mask.length; n++) {
    if (mask[n] === 0) continue
    const i = n % nx
    const j = Math.floor(n / nx) % ny
    const k = Math.floor(n / (nx * ny))
    const weight = Math.max(0, voxels[n])
    x += weight * i
    y += weight * j
    z += weight * k
    total += weight
  }
  if (total === 0) return null
  const m = grid.indexToWorld
  const at = (row: number): number =>
    (m[4 * row] * x + m[4 * row + 1] * y + m[4 * row + 2] * z) / total + m[4 * row + 3]
  return [at(0), at(1), at(2)]
}
