import type { VolumeGrid } from '../../../src-main/contract/volume.ts'
import type { ViewPlane } from './viewPlane.ts'

/**
 * Where a reader wants to look first: the slice of a plane with the most labelled voxels, at the centre of
 * those. Null for an empty labelmap.
 */
export function lesionCentre(
  labels: Uint8Array,
  grid: VolumeGrid,
  view: ViewPlane,
): [number, number, number] | null {
  const { dims } = grid
  const axis = view.through.axis
  const counts = new Uint32Array(dims[axis])
  const sums = new Float64Array(dims[axis] * 3)
  let index = 0
  const voxel = [0, 0, 0]
  for (voxel[2] = 0; voxel[2] < dims[2]; voxel[2]++) {
    for (voxel[1] = 0; voxel[1] < dims[1]; voxel[1]++) {
      for (voxel[0] = 0; voxel[0] < dims[0]; voxel[0]++) {
        if (labels[index++] === 0) continue
        const slice = voxel[axis]
        counts[slice]++
        for (let a = 0; a < 3; a++) sums[slice * 3 + a] += voxel[a]
      }
    }
  }
  let best = -1
  for (let slice = 0; slice < counts.length; slice++) {
    if (counts[slice] > 0 && (best < 0 || counts[slice] > counts[best])) best = slice
  }
  if (best < 0) return null
  const mean = (a: number): number => Math.round(sums[best * 3 + a] / counts[best])
  return [mean(0), mean(1), mean(2)]
}
