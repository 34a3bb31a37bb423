import type { VolumeGrid } from '../../contract/volume.ts'
import { affineDeterminant, indexToWorld } from '../geometry/index.ts'
import { CASES, CORNERS, EDGES } from './marchingCubesCases.ts'

/** A closed triangle mesh. */
export interface SurfaceMesh {
  /** x, y, z of every vertex, mm in RAS+ space. */
  readonly positions: Float32Array
  /** Three vertices a triangle, counter-clockwise as seen from outside. */
  readonly triangles: Uint32Array
}

/**
 * The surface where a field passes a value (Lorensen & Cline 1987), linearly interpolated along the edges between voxel
 * centres. Everything beyond the image counts as outside, so the mesh is always closed.
 *
 * @param field one value a voxel, x fastest: a mask, or a blurred one for a smooth surface
 * @param level values of at least this are inside
 * @returns an empty mesh where nothing is inside
 * @throws RangeError where field and grid differ in size
 */
export function marchingCubes(
  field: Uint8Array | Float32Array | Float64Array,
  grid: VolumeGrid,
  level = 0.5,
): SurfaceMesh {
  const [nx, ny, nz] = grid.dims
  if (field.length !== nx * ny * nz) {
    throw new RangeError(`A field of ${field.length} voxels on a grid of ${nx}×${ny}×${nz}`)
  }
  const isMirrored = affineDeterminant(grid.indexToWorld) < 0
  const beyond = level > 0 ? 0 : level - 1
  const valueAt = (x: number, y: number, z: number): number =>
    x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz ? beyond : field[x + nx * (y + ny * z)]
  const positions: number[] = []
  const triangles: number[] = []
  const vertexOfEdge = new Map<number, number>()
  const corner = new Float64Array(CORNERS)
  const vertexOn = (edge: number, x: number, y: number, z: number): number => {
    const { corner: low, axis } = EDGES[edge]
    const at: [number, number, number] = [x + (low & 1), y + ((low >> 1) & 1), z + ((low >> 2) & 1)]
    const key = 3 * (at[0] + 1 + (nx + 2) * (at[1] + 1 + (ny + 2) * (at[2] + 1))) + axis
    const known = vertexOfEdge.get(key)
    if (known !== undefined) return known
    const from = corner[low]
    const to = corner[low | (1 << axis)]
    at[axis] += (level - from) / (to - from)
    const vertex = positions.length / 3
    positions.push(...indexToWorld(grid, at))
    vertexOfEdge.set(key, vertex)
    return vertex
  }
  for (let z = -1; z < nz; z++) {
    for (let y = -1; y < ny; y++) {
      for (let x = -1; x < nx; x++) {
        let code = 0
        for (let n = 0; n < CORNERS; n++) {
          corner[n] = valueAt(x + (n & 1), y + ((n >> 1) & 1), z + ((n >> 2) & 1))
          if (corner[n] >= level) code |= 1 << n
        }
        if (code === 0 || code === 255) continue
        const edges = CASES[code]
        for (let i = 0; i < edges.length; i += 3) {
          const a = vertexOn(edges[i], x, y, z)
          const b = vertexOn(edges[i + 1], x, y, z)
          const c = vertexOn(edges[i + 2], x, y, z)
          if (isMirrored) triangles.push(a, c, b)
          else triangles.push(a, b, c)
        }
      }
    }
  }
  return { positions: Float32Array.from(positions), triangles: Uint32Array.from(triangles) }
}

/** Enclosed volume in ml, by the divergence theorem: positive where triangles wind as they should. */
export function meshVolumeMl({ positions, triangles }: SurfaceMesh): number {
  let sixfold = 0
  for (let i = 0; i < triangles.length; i += 3) {
    const [a, b, c] = [0, 1, 2].map((n) => 3 * triangles[i + n])
    const [ax, ay, az] = positions.subarray(a, a + 3)
    const [bx, by, bz] = positions.subarray(b, b + 3)
    const [cx, cy, cz] = positions.subarray(c, c + 3)
    sixfold += ax * (by * cz - bz * cy) - ay * (bx * cz - bz * cx) + az * (bx * cy - by * cx)
  }
  return sixfold / 6000
}

/** Area of a mesh in mm². */
export function meshAreaMm2({ positions, triangles }: SurfaceMesh): number {
  let area = 0
  for (let i = 0; i < triangles.length; i += 3) {
    const [a, b, c] = [0, 1, 2].map((n) => 3 * triangles[i + n])
    const u = [0, 1, 2].map((axis) => positions[b + axis] - positions[a + axis])
    const v = [0, 1, 2].map((axis) => positions[c + axis] - positions[a + axis])
    area +=
      Math.hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]) /
      2
  }
  return area
}
