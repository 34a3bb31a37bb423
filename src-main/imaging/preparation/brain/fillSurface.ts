import type { VolumeGrid } from '../../../contract/volume.ts'
import { invertAffine, transformPoint } from '../../geometry/index.ts'
import { voxelCount } from '../../volume/index.ts'

/**
 * Voxels inside a closed triangle mesh, by the parity of crossings along x: each row of voxels is a ray. The rays are
 * moved by a hair so that none meets an edge.
 *
 * @param vertices in mm, three numbers a vertex
 */
export function fillSurface(
  vertices: Float64Array,
  triangles: Int32Array,
  grid: VolumeGrid,
): Uint8Array {
  const [nx, ny, nz] = grid.dims
  const toIndex = invertAffine(grid.indexToWorld)
  const points = new Float64Array(vertices.length)
  for (let v = 0; v < vertices.length; v += 3) {
    points.set(transformPoint(toIndex, [vertices[v], vertices[v + 1], vertices[v + 2]]), v)
  }
  const crossings = new Map<number, number[]>()
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [3 * triangles[t], 3 * triangles[t + 1], 3 * triangles[t + 2]]
    const [ay, by, cy] = [points[a + 1], points[b + 1], points[c + 1]]
    const [az, bz, cz] = [points[a + 2], points[b + 2], points[c + 2]]
    const area = (by - ay) * (cz - az) - (cy - ay) * (bz - az)
    if (area === 0) continue
    for (
      let k = Math.max(0, Math.floor(Math.min(az, bz, cz)));
      k <= Math.min(nz - 1, Math.max(az, bz, cz));
      k++
    ) {
      for (
        let j = Math.max(0, Math.floor(Math.min(ay, by, cy)));
        j <= Math.min(ny - 1, Math.max(ay, by, cy));
        j++
      ) {
        const y = j + 1.234567e-5
        const z = k + 2.345678e-5
        const wb = ((y - ay) * (cz - az) - (cy - ay) * (z - az)) / area
        const wc = ((by - ay) * (z - az) - (y - ay) * (bz - az)) / area
        if (wb < 0 || wc < 0 || wb + wc > 1) continue
        const x = (1 - wb - wc) * points[a] + wb * points[b] + wc * points[c]
        const row = j + ny * k
        const list = crossings.get(row)
        if (list) list.push(x)
        else crossings.set(row, [x])
      }
    }
  }
  const mask = new Uint8Array(voxelCount(grid.dims))
  for (const [row, list] of crossings) {
    list.sort((a, b) => a - b)
    for (let n = 0; n + 1 < list.length; n += 2) {
      const first = Math.max(0, Math.ceil(list[n]))
      const last = Math.min(nx - 1, Math.floor(list[n + 1]))
      for (let i = first; i <= last; i++) mask[row * nx + i] = 1
    }
  }
  return mask
}
