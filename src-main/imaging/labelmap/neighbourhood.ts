import type { Connectivity } from './connectedComponents.ts'

type Triple = readonly [number, number, number]

/** Neighbours of a voxel as steps: along each axis, in the flat array, and the distance in mm. */
export interface Neighbourhood {
  readonly count: number
  readonly dx: Int8Array
  readonly dy: Int8Array
  readonly dz: Int8Array
  readonly step: Int32Array
  readonly lengthMm: Float64Array
}

/** The 6 or 26 neighbours of a voxel in flat index order. */
export function neighbourhood(
  dims: Triple,
  spacingMm: Triple,
  connectivity: Connectivity,
): Neighbourhood {
  const offsets: Triple[] = []
  for (let dz = -1; dz <= 1; dz++) {
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const steps = Math.abs(dx) + Math.abs(dy) + Math.abs(dz)
        if (steps > 0 && (connectivity === 26 || steps === 1)) offsets.push([dx, dy, dz])
      }
    }
  }
  return {
    count: offsets.length,
    dx: Int8Array.from(offsets, ([dx]) => dx),
    dy: Int8Array.from(offsets, ([, dy]) => dy),
    dz: Int8Array.from(offsets, ([, , dz]) => dz),
    step: Int32Array.from(offsets, ([dx, dy, dz]) => dx + dims[0] * (dy + dims[1] * dz)),
    lengthMm: Float64Array.from(offsets, (offset) =>
      Math.hypot(...offset.map((value, axis) => value * spacingMm[axis])),
    ),
  }
}

/** Calls back with every neighbour of a voxel that lies in the image. */
export function forEachNeighbour(
  around: Neighbourhood,
  dims: Triple,
  voxel: number,
  visit: (neighbour: number, lengthMm: number) => void,
): void {
  const x = voxel % dims[0]
  const y = Math.floor(voxel / dims[0]) % dims[1]
  const z = Math.floor(voxel / (dims[0] * dims[1]))
  for (let n = 0; n < around.count; n++) {
    const nx = x + around.dx[n]
    const ny = y + around.dy[n]
    const nz = z + around.dz[n]
    if (nx < 0 || ny < 0 || nz < 0 || nx >= dims[0] || ny >= dims[1] || nz >= dims[2]) continue
    visit(voxel + around.step[n], around.lengthMm[n])
  }
}
