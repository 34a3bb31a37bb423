type Dims = readonly [number, number, number]

/** Which voxels touch: faces only (6), or faces, edges and corners (26). */
export type Connectivity = 6 | 26

/** Components numbered from 1 in the order of their first voxel; 0 is background. */
export interface Components {
  readonly ids: Int32Array
  readonly count: number
  /** Voxels of component n at index n; index 0 counts the background. */
  readonly sizes: Uint32Array
}

/** Offsets (dx, dy, dz) of the neighbours that come earlier in flat index order. */
function earlierNeighbours(connectivity: Connectivity): (readonly [number, number, number])[] {
  const offsets: [number, number, number][] = []
  for (let dz = -1; dz <= 0; dz++) {
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const isEarlier = dz < 0 || (dz === 0 && (dy < 0 || (dy === 0 && dx < 0)))
        const isFace = Math.abs(dx) + Math.abs(dy) + Math.abs(dz) === 1
        if (isEarlier && (connectivity === 26 || isFace)) offsets.push([dx, dy, dz])
      }
    }
  }
  return offsets
}

/**
 * Labels the connected components of all non-zero voxels (whatever their value).
 *
 * Works on runs along x joined by union–find: linear in the voxels, and quick where most of them are empty.
 *
 * @param mask one byte a voxel, x fastest
 */
export function connectedComponents(
  mask: Uint8Array,
  dims: Dims,
  connectivity: Connectivity = 26,
): Components {
  const [nx, ny, nz] = dims
  const provisional = new Int32Array(mask.length)
  const parent: number[] = [0]
  const find = (id: number): number => {
    let root = id
    while (parent[root] !== root) root = parent[root]
    let walker = id
    while (parent[walker] !== root) {
      const next = parent[walker]
      parent[walker] = root
      walker = next
    }
    return root
  }
  const offsets = earlierNeighbours(connectivity).filter(([dx, dy, dz]) => dx !== -1 || dy || dz)
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const row = nx * (y + ny * z)
      for (let x = 0; x < nx; x++) {
        const index = row + x
        if (mask[index] === 0) continue
        let id = x > 0 ? provisional[index - 1] : 0
        for (const [dx, dy, dz] of offsets) {
          const px = x + dx
          const py = y + dy
          const pz = z + dz
          if (px < 0 || px >= nx || py < 0 || py >= ny || pz < 0) continue
          const other = provisional[index + dx + nx * (dy + ny * dz)]
          if (other === 0 || other === id) continue
          if (id === 0) {
            id = other
            continue
          }
          const a = find(id)
          const b = find(other)
          if (a !== b) parent[Math.max(a, b)] = Math.min(a, b)
        }
        if (id === 0) {
          id = parent.length
          parent.push(id)
        }
        provisional[index] = id
      }
    }
  }
  return renumber(provisional, parent, find)
}

function renumber(
  ids: Int32Array,
  parent: readonly number[],
  find: (id: number) => number,
): Components {
  const finalId = new Int32Array(parent.length)
  let count = 0
  // A root is always the smallest of its component, so it is met before its members.
  for (let id = 1; id < parent.length; id++) {
    const root = find(id)
    finalId[id] = root === id ? ++count : finalId[root]
  }
  const sizes = new Uint32Array(count + 1)
  for (let i = 0; i < ids.length; i++) {
    const id = finalId[ids[i]]
    ids[i] = id
    sizes[id]++
  }
  return { ids, count, sizes }
}
