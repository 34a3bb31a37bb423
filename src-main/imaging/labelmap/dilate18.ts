type Dims = readonly [number, number, number]

/** Offsets to the 18 voxels that share a face or an edge. */
const NEIGHBOURS = [-1, 0, 1].flatMap((dz) =>
  [-1, 0, 1].flatMap((dy) =>
    [-1, 0, 1]
      .map((dx): readonly [number, number, number] => [dx, dy, dz])
      .filter((offset) => [1, 2].includes(offset.filter((step) => step !== 0).length)),
  ),
)

/**
 * Dilates a mask by the 18-neighbourhood, several times over. Works from the rim outwards, so the time goes with the
 * size of the mask, not of the image.
 *
 * @returns a new mask of zeros and ones
 */
export function dilate18(mask: Uint8Array, dims: Dims, steps: number): Uint8Array {
  const [nx, ny, nz] = dims
  const grown = new Uint8Array(mask.length)
  let rim: number[] = []
  for (let index = 0; index < mask.length; index++) {
    if (mask[index] === 0) continue
    grown[index] = 1
    rim.push(index)
  }
  for (let step = 0; step < steps; step++) {
    const next: number[] = []
    for (const index of rim) {
      const x = index % nx
      const y = Math.floor(index / nx) % ny
      const z = Math.floor(index / (nx * ny))
      for (const [dx, dy, dz] of NEIGHBOURS) {
        if (x + dx < 0 || x + dx >= nx || y + dy < 0 || y + dy >= ny) continue
        if (z + dz < 0 || z + dz >= nz) continue
        const neighbour = index + dx + nx * (dy + ny * dz)
        if (grown[neighbour] !== 0) continue
        grown[neighbour] = 1
        next.push(neighbour)
      }
    }
    rim = next
  }
  return grown
}
