import type { VolumeGrid } from '../../../contract/volume.ts'
import { spacingOf, type Affine } from '../../geometry/index.ts'
import { boundingBox, mapAxes } from '../../mask/index.ts'
import { voxelCount } from '../../volume/index.ts'
import { indexToIndex } from '../rigid/rigidPose.ts'

const CLASSES = 4

/**
 * Carries a labelmap onto another grid through a rigid transform: every class's membership is interpolated linearly and
 * averaged over the target voxel, and the largest wins (the lower label on a tie). A voxel thicker than the source's is
 * looked at in as many places as it is thick, so that volumes are kept.
 *
 * @param source canonical labels 0…3
 * @param targetToSource mm to mm, from the target's world to the source's; outside the source is background
 */
export function resampleLabels(
  source: { readonly grid: VolumeGrid; readonly labels: Uint8Array },
  target: VolumeGrid,
  targetToSource: Affine,
): Uint8Array {
  const result = new Uint8Array(voxelCount(target.dims))
  const { labels } = source
  const { dims } = source.grid
  const bounds = boundingBox(labels, dims)
  if (!bounds) return result
  const map = indexToIndex(target.indexToWorld, targetToSource, source.grid.indexToWorld)
  const offsets = subsamples(map)
  const reach = mapAxes(
    (axis) =>
      1 + (Math.abs(map[4 * axis]) + Math.abs(map[4 * axis + 1]) + Math.abs(map[4 * axis + 2])) / 2,
  )
  const shares = new Float64Array(CLASSES)
  const [nx, ny, nz] = target.dims
  let index = 0
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, index++) {
        const x = map[0] * i + map[1] * j + map[2] * k + map[3]
        const y = map[4] * i + map[5] * j + map[6] * k + map[7]
        const z = map[8] * i + map[9] * j + map[10] * k + map[11]
        if (x < bounds.low[0] - reach[0] || x > bounds.high[0] + reach[0]) continue
        if (y < bounds.low[1] - reach[1] || y > bounds.high[1] + reach[1]) continue
        if (z < bounds.low[2] - reach[2] || z > bounds.high[2] + reach[2]) continue
        shares.fill(0)
        for (let n = 0; n < offsets.length; n += 3) {
          addShares(labels, dims, x + offsets[n], y + offsets[n + 1], z + offsets[n + 2], shares)
        }
        let best = 0
        for (let label = 1; label < CLASSES; label++) {
          // A hair's difference is rounding, and then the lower label wins.
          if (shares[label] > shares[best] + 1e-9) best = label
        }
        result[index] = best
      }
    }
  }
  return result
}

/** Places inside one target voxel, as steps in source voxels: as many along each axis as source voxels fit. */
function subsamples(map: Affine): Float64Array {
  const counts = spacingOf(map).map((length) => Math.max(1, Math.round(length)))
  const offsets: number[] = []
  for (let c = 0; c < counts[2]; c++) {
    for (let b = 0; b < counts[1]; b++) {
      for (let a = 0; a < counts[0]; a++) {
        const step = [a, b, c].map((n, axis) => (n + 0.5) / counts[axis] - 0.5)
        for (let row = 0; row < 3; row++) {
          offsets.push(
            map[4 * row] * step[0] + map[4 * row + 1] * step[1] + map[4 * row + 2] * step[2],
          )
        }
      }
    }
  }
  return Float64Array.from(offsets)
}

function addShares(
  labels: Uint8Array,
  [nx, ny, nz]: readonly [number, number, number],
  x: number,
  y: number,
  z: number,
  shares: Float64Array,
): void {
  const i = Math.floor(x)
  const j = Math.floor(y)
  const k = Math.floor(z)
  for (let corner = 0; corner < 8; corner++) {
    const a = i + (corner & 1)
    const b = j + ((corner >> 1) & 1)
    const c = k + (corner >> 2)
    const weight =
      (corner & 1 ? x - i : 1 - x + i) *
      (corner & 2 ? y - j : 1 - y + j) *
      (corner & 4 ? z - k : 1 - z + k)
    const isInside = a >= 0 && b >= 0 && c >= 0 && a < nx && b < ny && c < nz
    shares[isInside ? labels[a + nx * (b + ny * c)] : 0] += weight
  }
}
