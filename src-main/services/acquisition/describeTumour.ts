import type { VolumeGrid } from '../../contract/index.ts'
import { voxelVolumeMl } from '../../imaging/geometry/index.ts'

/**
 * A labelling in eight numbers, for distances between cases: ln(1 + ml) of necrosis, oedema and enhancement; the middle of
 * the tumour along the three axes of the grid as a fraction of it; its reach (root of the mean squared distance from its
 * middle, mm); and whether there is a tumour at all. Middle and reach are those of a centred point where there is none.
 *
 * @param labels canonical labels, x fastest
 */
export function describeTumour(labels: Uint8Array, grid: VolumeGrid): number[] {
  const [nx, ny, nz] = grid.dims
  const counts = [0, 0, 0, 0]
  const sums = [0, 0, 0]
  let squares = 0
  for (let k = 0, voxel = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, voxel++) {
        const label = labels[voxel]
        if (label === 0) continue
        counts[label]++
        const at = [i * grid.spacingMm[0], j * grid.spacingMm[1], k * grid.spacingMm[2]]
        for (let axis = 0; axis < 3; axis++) sums[axis] += at[axis]
        squares += at[0] ** 2 + at[1] ** 2 + at[2] ** 2
      }
    }
  }
  const voxels = counts[1] + counts[2] + counts[3]
  const volumes = counts.slice(1).map((count) => Math.log1p(count * voxelVolumeMl(grid)))
  if (voxels === 0) return [...volumes, 0.5, 0.5, 0.5, 0, 0]
  const middle = sums.map((sum) => sum / voxels)
  const spread = squares / voxels - middle.reduce((sum, m) => sum + m * m, 0)
  const place = middle.map((m, axis) => m / (grid.dims[axis] * grid.spacingMm[axis]))
  return [...volumes, ...place, Math.sqrt(Math.max(0, spread)), 1]
}
