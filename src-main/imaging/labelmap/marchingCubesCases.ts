/** Corner n of a cell lies at (n & 1, n >> 1 & 1, n >> 2 & 1). */
export const CORNERS = 8

/** The twelve edges of a cell: lower corner and axis. */
export const EDGES: readonly { readonly corner: number; readonly axis: 0 | 1 | 2 }[] = (
  [0, 1, 2] as const
).flatMap((axis) =>
  [0, 1, 2, 3, 4, 5, 6, 7]
    .filter((corner) => (corner & (1 << axis)) === 0)
    .map((corner) => ({ corner, axis })),
)

/** Corners of the six faces, counter-clockwise as seen from outside of the cell. */
const FACES: readonly (readonly number[])[] = [
  [0, 4, 6, 2],
  [1, 3, 7, 5],
  [0, 1, 5, 4],
  [2, 6, 7, 3],
  [0, 2, 3, 1],
  [4, 5, 7, 6],
]

function edgeBetween(a: number, b: number): number {
  const corner = Math.min(a, b)
  const axis = Math.log2(a ^ b)
  return EDGES.findIndex((edge) => edge.corner === corner && edge.axis === axis)
}

/**
 * Triangles of each of the 256 ways in which a surface can cross a cell, as triples of edges; bit n of the case says that
 * corner n is inside. Made by following the crossings from face to face instead of from a printed table: on a face whose
 * inside corners lie across from each other the surface always separates them, so two cells that share a face agree on it
 * and the surface has no holes. Triangles wind counter-clockwise as seen from outside of the region.
 */
export const CASES: readonly Uint8Array[] = Array.from({ length: 256 }, (_, code) =>
  trianglesOf(code),
)

function trianglesOf(code: number): Uint8Array {
  const isInside = (corner: number): boolean => ((code >> corner) & 1) === 1
  // On every face the surface runs from the edge where a walk around the face enters the region to where it leaves it.
  const next = new Map<number, number>()
  for (const face of FACES) {
    for (let at = 0; at < 4; at++) {
      if (isInside(face[at]) || !isInside(face[(at + 1) % 4])) continue
      let end = (at + 1) % 4
      while (isInside(face[(end + 1) % 4])) end = (end + 1) % 4
      const entry = edgeBetween(face[at], face[(at + 1) % 4])
      const exit = edgeBetween(face[end], face[(end + 1) % 4])
      next.set(entry, exit)
    }
  }
  const triangles: number[] = []
  while (next.size > 0) {
    const [start] = next.keys()
    const loop: number[] = []
    for (let edge: number | undefined = start; edge !== undefined;) {
      loop.push(edge)
      const following: number | undefined = next.get(edge)
      next.delete(edge)
      edge = following === start ? undefined : following
    }
    for (let i = 1; i + 1 < loop.length; i++) triangles.push(loop[0], loop[i], loop[i + 1])
  }
  return Uint8Array.from(triangles)
}
