import { storedSteps, type CanonicalPlan } from '../../imaging/geometry/index.ts'
import type { Triple, VoxelBox } from './preparedCase.ts'

/** The smallest box of every voxel that is not zero; null where all are zero. */
export function nonZeroBox(voxels: ArrayLike<number>, [nx, ny, nz]: Triple): VoxelBox | null {
  const low = [nx, ny, nz]
  const high = [-1, -1, -1]
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
  if (high[0] < 0) return null
  return {
    origin: [low[0], low[1], low[2]],
    size: [high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1],
  }
}

/**
 * The smallest box, on the canonical grid, that holds every voxel which is not zero in at least one volume. Where all
 * are zero, the whole grid.
 *
 * @param volumes in stored order, each with its own plan; all on one canonical grid
 */
export function canonicalNonZeroBox(
  volumes: readonly { readonly voxels: ArrayLike<number>; readonly plan: CanonicalPlan }[],
): VoxelBox {
  const { dims } = volumes[0].plan.canonical
  let [low, high] = [[...dims], [0, 0, 0]]
  for (const { voxels, plan } of volumes) {
    const box = nonZeroBox(voxels, plan.stored.dims)
    if (box === null) continue
    const starts = plan.axisOf.map((stored, axis) =>
      plan.flipped[axis] ? dims[axis] - box.origin[stored] - box.size[stored] : box.origin[stored],
    )
    low = low.map((n, axis) => Math.min(n, starts[axis]))
    high = high.map((n, axis) => Math.max(n, starts[axis] + box.size[plan.axisOf[axis]]))
  }
  if (high[0] === 0) return { origin: [0, 0, 0], size: dims }
  return {
    origin: [low[0], low[1], low[2]],
    size: [high[0] - low[0], high[1] - low[1], high[2] - low[2]],
  }
}

/** The voxels of a box of the canonical grid, x fastest, from stored order into an array of the caller's choosing. */
export function cropInto<T extends Float32Array | Uint8Array>(
  voxels: ArrayLike<number>,
  plan: CanonicalPlan,
  box: VoxelBox,
  target: T,
): T {
  const [sx, sy, sz] = box.size
  const [ox, oy, oz] = box.origin
  const { start, step } = storedSteps(plan)
  const stride = step[0]
  let to = 0
  for (let k = 0; k < sz; k++) {
    for (let j = 0; j < sy; j++) {
      let from = start + ox * step[0] + (oy + j) * step[1] + (oz + k) * step[2]
      for (const end = to + sx; to < end; to++, from += stride) target[to] = voxels[from]
    }
  }
  return target
}
