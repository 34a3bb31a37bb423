type Triple = readonly [number, number, number]

/** Trilinear value at a fractional index, which must lie between the first and the last voxel centre of every axis. */
export function linearAt(
  voxels: Float32Array,
  [nx, ny, nz]: Triple,
  x: number,
  y: number,
  z: number,
): number {
  const i = Math.min(Math.floor(x), Math.max(0, nx - 2))
  const j = Math.min(Math.floor(y), Math.max(0, ny - 2))
  const k = Math.min(Math.floor(z), Math.max(0, nz - 2))
  const a = x - i
  const b = y - j
  const c = z - k
  // An axis of one voxel has no neighbour.
  const dx = nx > 1 ? 1 : 0
  const dy = ny > 1 ? nx : 0
  const dz = nz > 1 ? nx * ny : 0
  const n = i + nx * (j + ny * k)
  const low =
    (1 - b) * ((1 - a) * voxels[n] + a * voxels[n + dx]) +
    b * ((1 - a) * voxels[n + dy] + a * voxels[n + dy + dx])
  const m = n + dz
  const high =
    (1 - b) * ((1 - a) * voxels[m] + a * voxels[m + dx]) +
    b * ((1 - a) * voxels[m + dy] + a * voxels[m + dy + dx])
  return (1 - c) * low + c * high
}
