import type { VolumeGrid } from '../../contract/volume.ts'
import { worldToIndex, indexToWorld } from './grid.ts'

/** Largest distance, in voxels, from a lattice point that still counts as on it. */
const LATTICE_TOLERANCE = 0.01

/**
 * Copies voxels from one grid to another of the same lattice: same directions and spacing, shifted by whole voxels.
 * What lies outside the target is dropped; what the source does not cover is 0. A segmentation that was cropped to its
 * content comes back on its image's grid so.
 *
 * @returns null where the lattices differ
 */
export function placeOnGrid(
  voxels: Uint8Array,
  from: VolumeGrid,
  to: VolumeGrid,
): Uint8Array | null {
  const start = worldToIndex(to, indexToWorld(from, [0, 0, 0]))
  const far: [number, number, number] = [from.dims[0] - 1, from.dims[1] - 1, from.dims[2] - 1]
  const offset = start.map(Math.round)
  // Equal at two opposite corners and along each axis: then the lattices are one.
  const corners: [number, number, number][] = [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], far]
  const agrees = corners.every((corner) => {
    const found = worldToIndex(to, indexToWorld(from, corner))
    return corner.every(
      (index, axis) => Math.abs(found[axis] - offset[axis] - index) < LATTICE_TOLERANCE,
    )
  })
  if (!agrees) return null
  const placed = new Uint8Array(to.dims[0] * to.dims[1] * to.dims[2])
  for (let k = 0; k < from.dims[2]; k++) {
    const z = k + offset[2]
    if (z < 0 || z >= to.dims[2]) continue
    for (let j = 0; j < from.dims[1]; j++) {
      const y = j + offset[1]
      if (y < 0 || y >= to.dims[1]) continue
      for (let i = 0; i < from.dims[0]; i++) {
        const x = i + offset[0]
        if (x < 0 || x >= to.dims[0]) continue
        placed[x + to.dims[0] * (y + to.dims[1] * z)] =
          voxels[i + from.dims[0] * (j + from.dims[1] * k)]
      }
    }
  }
  return placed
}
