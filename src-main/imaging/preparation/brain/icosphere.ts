/** A closed triangle mesh with the neighbours of every vertex. */
export interface SphereMesh {
  /** Unit vectors, three numbers a vertex. */
  readonly vertices: Float64Array
  readonly triangles: Int32Array
  readonly neighbours: readonly (readonly number[])[]
}

/** An icosahedron whose triangles are cut into four, `subdivisions` times: 10·4ⁿ + 2 vertices. */
export function icosphere(subdivisions: number): SphereMesh {
  const golden = (1 + Math.sqrt(5)) / 2
  const points: number[][] = []
  const add = (x: number, y: number, z: number): number => {
    const length = Math.hypot(x, y, z)
    points.push([x / length, y / length, z / length])
    return points.length - 1
  }
  for (const a of [-1, 1]) {
    for (const b of [-golden, golden]) {
      add(0, a, b)
      add(a, b, 0)
      add(b, 0, a)
    }
  }
  let faces = hullOfIcosahedron(points)
  for (let level = 0; level < subdivisions; level++) {
    const middles = new Map<string, number>()
    const middle = (a: number, b: number): number => {
      const key = a < b ? `${a},${b}` : `${b},${a}`
      const known = middles.get(key)
      if (known !== undefined) return known
      const made = add(
        points[a][0] + points[b][0],
        points[a][1] + points[b][1],
        points[a][2] + points[b][2],
      )
      middles.set(key, made)
      return made
    }
    faces = faces.flatMap(([a, b, c]) => {
      const [ab, bc, ca] = [middle(a, b), middle(b, c), middle(c, a)]
      return [
        [a, ab, ca],
        [b, bc, ab],
        [c, ca, bc],
        [ab, bc, ca],
      ]
    })
  }
  const sets = points.map(() => new Set<number>())
  for (const [a, b, c] of faces) {
    sets[a].add(b).add(c)
    sets[b].add(a).add(c)
    sets[c].add(a).add(b)
  }
  return {
    vertices: Float64Array.from(points.flat()),
    triangles: Int32Array.from(faces.flat()),
    neighbours: sets.map((set) => [...set]),
  }
}

/** The twenty faces: triples of vertices at edge length, turned outwards. */
function hullOfIcosahedron(points: readonly (readonly number[])[]): number[][] {
  const apart = (a: number, b: number): number =>
    Math.hypot(...points[a].map((v, axis) => v - points[b][axis]))
  let edge = Infinity
  for (let b = 1; b < points.length; b++) edge = Math.min(edge, apart(0, b))
  const near = (a: number, b: number): boolean => apart(a, b) < 1.01 * edge
  const faces: number[][] = []
  for (let a = 0; a < points.length; a++) {
    for (let b = a + 1; b < points.length; b++) {
      for (let c = b + 1; c < points.length; c++) {
        if (!near(a, b) || !near(b, c) || !near(c, a)) continue
        const [p, q, r] = [points[a], points[b], points[c]]
        const volume =
          p[0] * (q[1] * r[2] - q[2] * r[1]) -
          p[1] * (q[0] * r[2] - q[2] * r[0]) +
          p[2] * (q[0] * r[1] - q[1] * r[0])
        faces.push(volume > 0 ? [a, b, c] : [a, c, b])
      }
    }
  }
  return faces
}
