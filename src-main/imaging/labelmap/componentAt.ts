import type { Connectivity } from './connectedComponents.ts'

type Dims = readonly [number, number, number]

/**
 * The connected component that a voxel belongs to: all voxels of the mask reachable from it. Iterative, so any size
 * is safe; visits only the component.
 *
 * @param isMember whether a canonical label counts; by default any tumour label, so a lesion is taken whole
 * @returns flat indices in ascending order; empty where the voxel itself is no member
 */
export function componentAt(
  labels: Uint8Array,
  dims: Dims,
  voxel: number,
  connectivity: Connectivity = 26,
  isMember: (label: number) => boolean = (label) => label !== 0,
): Uint32Array {
  if (!(voxel >= 0 && voxel < labels.length) || !isMember(labels[voxel])) return new Uint32Array(0)
  const member = Uint8Array.from({ length: 256 }, (_, label) => (isMember(label) ? 1 : 0))
  const [nx, ny, nz] = dims
  const seen = new Uint8Array(labels.length)
  const queue: number[] = [voxel]
  seen[voxel] = 1
  for (let head = 0; head < queue.length; head++) {
    const index = queue[head]
    const x = index % nx
    const y = Math.floor(index / nx) % ny
    const z = Math.floor(index / (nx * ny))
    for (let dz = z > 0 ? -1 : 0; dz <= (z < nz - 1 ? 1 : 0); dz++) {
      for (let dy = y > 0 ? -1 : 0; dy <= (y < ny - 1 ? 1 : 0); dy++) {
        for (let dx = x > 0 ? -1 : 0; dx <= (x < nx - 1 ? 1 : 0); dx++) {
          if (connectivity === 6 && Math.abs(dx) + Math.abs(dy) + Math.abs(dz) !== 1) continue
          const next = index + dx + nx * (dy + ny * dz)
          if (seen[next] !== 0 || member[labels[next]] === 0) continue
          seen[next] = 1
          queue.push(next)
        }
      }
    }
  }
  return Uint32Array.from(queue).sort()
}
