/**
 * Signed distances in mm, negative inside. The ellipsoid ones are first-order estimates (value over
 * gradient length), exact on the surface, which is where partial volume needs them.
 */

/** Estimated distance to an axis-aligned ellipsoid. */
export function ellipsoidDistance(
  x: number,
  y: number,
  z: number,
  radiusX: number,
  radiusY: number,
  radiusZ: number,
): number {
  const u = x / radiusX
  const v = y / radiusY
  const w = z / radiusZ
  const k0 = Math.sqrt(u * u + v * v + w * w)
  const gu = u / radiusX
  const gv = v / radiusY
  const gw = w / radiusZ
  const k1 = Math.sqrt(gu * gu + gv * gv + gw * gw)
  return k1 < 1e-9 ? -Math.min(radiusX, radiusY, radiusZ) : (k0 * (k0 - 1)) / k1
}

/** Estimated distance to the superellipsoid |x/a|^2.5 + |y/b|^2.5 + |z/c|^2.5 = 1: fuller than an ellipsoid, as a skull is. */
export function superellipsoidDistance(
  x: number,
  y: number,
  z: number,
  radiusX: number,
  radiusY: number,
  radiusZ: number,
): number {
  const u = Math.abs(x / radiusX)
  const v = Math.abs(y / radiusY)
  const w = Math.abs(z / radiusZ)
  const su = u * Math.sqrt(u)
  const sv = v * Math.sqrt(v)
  const sw = w * Math.sqrt(w)
  const sum = su * u + sv * v + sw * w
  if (sum < 1e-9) return -Math.min(radiusX, radiusY, radiusZ)
  const k0 = Math.pow(sum, 0.4)
  const gu = su / radiusX
  const gv = sv / radiusY
  const gw = sw / radiusZ
  const k1 = Math.sqrt(gu * gu + gv * gv + gw * gw) / (k0 * Math.sqrt(k0))
  return (k0 - 1) / k1
}

/** One node of a tube: its centre line point and its radius there, all mm. */
export type TubeNode = readonly [x: number, y: number, z: number, radius: number]

/**
 * Distance to a tube through `nodes`, its radius interpolated along each segment and scaled by
 * `radiusScale`. `flatten` > 1 squeezes the cross-section along x.
 */
export function tubeDistance(
  x: number,
  y: number,
  z: number,
  nodes: readonly TubeNode[],
  radiusScale: number,
  flatten: number,
): number {
  let best = Infinity
  for (let n = 1; n < nodes.length; n++) {
    const from = nodes[n - 1]
    const to = nodes[n]
    const bx = (to[0] - from[0]) * flatten
    const by = to[1] - from[1]
    const bz = to[2] - from[2]
    const ax = (x - from[0]) * flatten
    const ay = y - from[1]
    const az = z - from[2]
    const along = (ax * bx + ay * by + az * bz) / (bx * bx + by * by + bz * bz)
    const t = along < 0 ? 0 : along > 1 ? 1 : along
    const dx = ax - t * bx
    const dy = ay - t * by
    const dz = az - t * bz
    const radius = (from[3] + t * (to[3] - from[3])) * radiusScale
    const distance = Math.sqrt(dx * dx + dy * dy + dz * dz) - radius
    if (distance < best) best = distance
  }
  return best
}

/** Minimum of two distances with a rounded seam `width` mm wide. */
export function smoothMin(a: number, b: number, width: number): number {
  const h = width - Math.abs(a - b)
  const lower = a < b ? a : b
  return h > 0 ? lower - (h * h) / (4 * width) : lower
}

/** Maximum of two distances with a rounded seam `width` mm wide. */
export function smoothMax(a: number, b: number, width: number): number {
  return -smoothMin(-a, -b, width)
}

/** The share of a voxel `voxelMm` wide that lies inside a surface at signed distance `distance`. */
export function coverage(distance: number, voxelMm: number): number {
  const share = 0.5 - distance / voxelMm
  return share < 0 ? 0 : share > 1 ? 1 : share
}

/** The share of a voxel covered by a sheet of `halfWidth` mm whose middle plane is `distance` ≥ 0 mm away. */
export function sheetCoverage(distance: number, halfWidth: number, voxelMm: number): number {
  return coverage(distance - halfWidth, voxelMm) - coverage(distance + halfWidth, voxelMm)
}

/** 0 below `low`, 1 above `high`, a smooth cubic between. */
export function smoothStep(low: number, high: number, value: number): number {
  const t = (value - low) / (high - low)
  if (t <= 0) return 0
  if (t >= 1) return 1
  return t * t * (3 - 2 * t)
}
