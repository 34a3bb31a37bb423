import type { Triple, VoxelBox } from './preparedCase.ts'

/**
 * The smallest box that holds every voxel which is not zero in at least one volume. Where all are zero, the
 * whole grid.
 */
export function nonZeroBox(volumes: readonly ArrayLike<number>[], dims: Triple): VoxelBox {
  const [nx, ny, nz] = dims
  const low = [nx, ny, nz]
  const high = [-1, -1, -1]
  for (const voxels of volumes) {
    for (let k = 0; k < nz; k++) {
      for (let j = 0; j < ny; j++) {
        const row = nx * (j + ny * k)
        let first = 0
        while (first < nx && voxels[row + first] === 0) first++
        if (first === nx) continue
        let last = nx - 1
        while (voxels[row + last] === 0) last--
        if (first < low[0]) low[0] = first
        if (last > high[0]) high[0] = last
        if (j < low[1]) low[1] = j
        if (j > high[1]) high[1] = j
        if (k < low[2]) low[2] = k
        if (k > high[2]) high[2] = k
      }
    }
  }
  if (high[0] < 0) return { origin: [0, 0, 0], size: dims }
  return {
    origin: [low[0], low[1], low[2]],
    size: [high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1],
  }
}

/** The voxels of a box, x fastest, into an array of the caller's choosing. */
export function cropInto<T extends Float32Array | Uint8Array>(
  voxels: ArrayLike<number>,
  dims: Triple,
  box: VoxelBox,
  target: T,
): T {
  const [sx, sy, sz] = box.size
  const [ox, oy, oz] = box.origin
  let to = 0
  for (let k = 0; k < sz; k++) {
    for (let j = 0; j < sy; j++) {
      const from = ox + dims[0] * (oy + j + dims[1] * (oz + k))
      for (let i = 0; i < sx; i++) target[to++] = voxels[from + i]
    }
  }
  return target
}
