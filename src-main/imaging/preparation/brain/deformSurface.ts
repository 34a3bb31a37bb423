import type { FloatVolume } from '../registration/shrinkVolume.ts'
import { invertAffine } from '../../geometry/index.ts'
import type { BrainIntensities } from './brainIntensities.ts'
import type { SphereMesh } from './icosphere.ts'

/** Distances over which a vertex looks inwards for the darkest and the brightest voxel, mm. */
const LOOK_DARK_MM = 20
const LOOK_BRIGHT_MM = 10
const ITERATIONS = 1000
/** Radii of curvature that are smoothed little and much, mm. */
const LARGEST_RADIUS_MM = 10
const SMALLEST_RADIUS_MM = 3.33

/**
 * Grows a sphere until it rests on the surface of the brain: the deformable model of Smith (2002, doi 10.1002/hbm.10062).
 * Each vertex moves to stay evenly spaced, to keep the surface smooth, and outwards or inwards by whether the darkest
 * voxel underneath is above a local threshold.
 *
 * @param fraction of the way from dark to bright at which brain begins, 0…1: larger gives a smaller brain
 * @returns vertex positions in mm
 */
export function deformSurface(
  volume: FloatVolume,
  intensities: BrainIntensities,
  mesh: SphereMesh,
  fraction: number,
): Float64Array {
  const { centreMm, radiusMm, t2, t, tMedian } = intensities
  const { neighbours } = mesh
  const count = neighbours.length
  const positions = new Float64Array(3 * count)
  for (let v = 0; v < positions.length; v++) {
    positions[v] = centreMm[v % 3] + (radiusMm / 2) * mesh.vertices[v]
  }
  const lookUp = nearestLookUp(volume)
  const e = (1 / SMALLEST_RADIUS_MM + 1 / LARGEST_RADIUS_MM) / 2
  const f = 6 / (1 / SMALLEST_RADIUS_MM - 1 / LARGEST_RADIUS_MM)
  const normals = new Float64Array(3 * count)
  let spacing = meanEdge(positions, neighbours)
  const next = new Float64Array(positions.length)
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    vertexNormals(positions, mesh.triangles, normals)
    if (iteration % 50 === 0) spacing = meanEdge(positions, neighbours)
    for (let v = 0; v < count; v++) {
      const p = 3 * v
      let mx = 0
      let my = 0
      let mz = 0
      for (const other of neighbours[v]) {
        mx += positions[3 * other]
        my += positions[3 * other + 1]
        mz += positions[3 * other + 2]
      }
      const share = 1 / neighbours[v].length
      const sx = mx * share - positions[p]
      const sy = my * share - positions[p + 1]
      const sz = mz * share - positions[p + 2]
      const nx = normals[p]
      const ny = normals[p + 1]
      const nz = normals[p + 2]
      const along = sx * nx + sy * ny + sz * nz
      // Curvature from how far the vertex stands out of its neighbours: r = l² / (2·|s_n|).
      const curvature = (2 * Math.abs(along)) / (spacing * spacing)
      const smooth = (1 + Math.tanh(f * (curvature - e))) / 2
      let dark = tMedian
      let bright = t
      for (let depth = 0; depth <= LOOK_DARK_MM; depth += 1) {
        const value = lookUp(
          positions[p] - depth * nx,
          positions[p + 1] - depth * ny,
          positions[p + 2] - depth * nz,
        )
        if (value < dark) dark = value
        if (depth <= LOOK_BRIGHT_MM && value > bright) bright = value
      }
      dark = Math.max(t2, dark)
      bright = Math.min(tMedian, bright)
      const local = (bright - t2) * fraction + t2
      const push = (0.05 * 2 * (dark - local) * spacing) / Math.max(1e-6, bright - t2)
      const outward = smooth * along + push
      next[p] = positions[p] + 0.5 * (sx - along * nx) + outward * nx
      next[p + 1] = positions[p + 1] + 0.5 * (sy - along * ny) + outward * ny
      next[p + 2] = positions[p + 2] + 0.5 * (sz - along * nz) + outward * nz
    }
    positions.set(next)
  }
  return positions
}

/** Value of the nearest voxel; 0 outside the image. */
function nearestLookUp(volume: FloatVolume): (x: number, y: number, z: number) => number {
  const m = invertAffine(volume.grid.indexToWorld)
  const [nx, ny, nz] = volume.grid.dims
  return (x, y, z) => {
    const i = Math.round(m[0] * x + m[1] * y + m[2] * z + m[3])
    const j = Math.round(m[4] * x + m[5] * y + m[6] * z + m[7])
    const k = Math.round(m[8] * x + m[9] * y + m[10] * z + m[11])
    if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) return 0
    return volume.voxels[i + nx * (j + ny * k)]
  }
}

function meanEdge(positions: Float64Array, neighbours: SphereMesh['neighbours']): number {
  let sum = 0
  let count = 0
  for (let v = 0; v < neighbours.length; v++) {
    for (const other of neighbours[v]) {
      sum += Math.hypot(
        positions[3 * v] - positions[3 * other],
        positions[3 * v + 1] - positions[3 * other + 1],
        positions[3 * v + 2] - positions[3 * other + 2],
      )
      count++
    }
  }
  return sum / count
}

/** Outward unit normals, triangles weighted by their area. */
function vertexNormals(
  positions: Float64Array,
  triangles: Int32Array,
  normals: Float64Array,
): void {
  normals.fill(0)
  for (let t = 0; t < triangles.length; t += 3) {
    const a = 3 * triangles[t]
    const b = 3 * triangles[t + 1]
    const c = 3 * triangles[t + 2]
    const ux = positions[b] - positions[a]
    const uy = positions[b + 1] - positions[a + 1]
    const uz = positions[b + 2] - positions[a + 2]
    const vx = positions[c] - positions[a]
    const vy = positions[c + 1] - positions[a + 1]
    const vz = positions[c + 2] - positions[a + 2]
    const x = uy * vz - uz * vy
    const y = uz * vx - ux * vz
    const z = ux * vy - uy * vx
    for (const p of [a, b, c]) {
      normals[p] += x
      normals[p + 1] += y
      normals[p + 2] += z
    }
  }
  for (let p = 0; p < normals.length; p += 3) {
    const length = Math.hypot(normals[p], normals[p + 1], normals[p + 2]) || 1
    normals[p] /= length
    normals[p + 1] /= length
    normals[p + 2] /= length
  }
}
