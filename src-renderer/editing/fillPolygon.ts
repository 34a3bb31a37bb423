import type { VolumeGrid } from '../../src-main/contract/volume.ts'
import type { Vector3 } from '../../src-main/imaging/geometry/index.ts'
import type { LabelEdit } from './labelEdit.ts'

/** The two voxel axes of a slice and where it lies on the third. */
export interface SlicePlane {
  u: 0 | 1 | 2
  v: 0 | 1 | 2
  through: 0 | 1 | 2
  slice: number
}

/**
 * Fills a closed outline drawn in a slice: every voxel whose centre lies inside by the even–odd rule. Fewer
 * than three points enclose nothing.
 *
 * @param points continuous voxel indices; their position across the slice is ignored
 */
export function fillPolygon(
  edit: LabelEdit,
  grid: VolumeGrid,
  plane: SlicePlane,
  points: readonly Vector3[],
): void {
  if (points.length < 3) return
  const { dims } = grid
  const strides = [1, dims[0], dims[0] * dims[1]]
  const base = plane.slice * strides[plane.through]
  const low = Math.max(0, Math.ceil(Math.min(...points.map((p) => p[plane.v]))))
  const high = Math.min(dims[plane.v] - 1, Math.floor(Math.max(...points.map((p) => p[plane.v]))))
  for (let v = low; v <= high; v++) {
    const crossings: number[] = []
    points.forEach((a, n) => {
      const b = points[(n + 1) % points.length]
      // Half open, so that a corner exactly on the row counts once.
      if (a[plane.v] <= v === b[plane.v] <= v) return
      const t = (v - a[plane.v]) / (b[plane.v] - a[plane.v])
      crossings.push(a[plane.u] + t * (b[plane.u] - a[plane.u]))
    })
    crossings.sort((a, b) => a - b)
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      const first = Math.max(0, Math.ceil(crossings[pair]))
      const last = Math.min(dims[plane.u] - 1, Math.floor(crossings[pair + 1]))
      for (let u = first; u <= last; u++) {
        edit.write(base + u * strides[plane.u] + v * strides[plane.v])
      }
    }
  }
}
