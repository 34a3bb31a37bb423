type Triple = readonly [number, number, number]
type Normal = [number, number, number]

/** Corner c of a 2×2×2 cell lies at (c & 1, c >> 1 & 1, c >> 2 & 1). */
const CORNERS = [0, 1, 2, 3, 4, 5, 6, 7]
const AXES = [0, 1, 2]

/**
 * Area in mm² of the marching-cubes surface inside a 2×2×2 cell for each of the 256 ways its corners can be inside
 * (bit c: corner c). This is the weight of a surface element in the area-weighted metrics (Nikolov et al. 2021, doi
 * 10.2196/26151).
 *
 * The surface cuts edges half way. Corners that touch along edges form one patch, others are cut apart; more than four
 * corners inside give the surface of the corners outside. Patches that are not flat are split along their symmetry.
 */
export function surfelAreasMm2(spacingMm: Triple): Float64Array {
  const [sx, sy, sz] = spacingMm
  // A normal carries the area on a unit lattice; its components scale with the faces they stand on.
  const area = ([x, y, z]: Normal): number => Math.hypot(x * sy * sz, y * sx * sz, z * sx * sy)
  return Float64Array.from({ length: 256 }, (_, code) =>
    normalsOf(code).reduce((sum, normal) => sum + area(normal), 0),
  )
}

function normalsOf(code: number): Normal[] {
  const inside = CORNERS.filter((corner) => (code >> corner) & 1)
  const few = inside.length <= 4 ? inside : CORNERS.filter((corner) => !((code >> corner) & 1))
  return few.length % 8 === 0 ? [] : patchesOf(few).flatMap(patchNormals)
}

const isEdge = (first: number, second: number): boolean => [1, 2, 4].includes(first ^ second)
const axisOf = (first: number, second: number): number => Math.log2(first ^ second)

/** Splits corners into groups joined by edges of the cell. */
function patchesOf(corners: readonly number[]): number[][] {
  const left = new Set(corners)
  const patches: number[][] = []
  for (const corner of corners) {
    if (!left.delete(corner)) continue
    const patch = [corner]
    for (const member of patch) {
      for (const other of left) {
        if (isEdge(member, other)) {
          left.delete(other)
          patch.push(other)
        }
      }
    }
    patches.push(patch)
  }
  return patches
}

/** Equal components everywhere: a patch that faces a corner of the cell. */
const slanted = (size: number): Normal => [size, size, size]
/** `size` on one axis: a patch parallel to a face. */
const flat = (axis: number, size: number): Normal => pick((other) => (other === axis ? size : 0))
/** `size` on two axes: a patch parallel to an edge. */
const bevelled = (axis: number, size: number): Normal =>
  pick((other) => (other === axis ? 0 : size))
const pick = (size: (axis: number) => number): Normal => [size(0), size(1), size(2)]

function patchNormals(patch: readonly number[]): Normal[] {
  const degree = (corner: number): number => patch.filter((other) => isEdge(corner, other)).length
  const edgeAxes = AXES.filter((axis) =>
    patch.some((corner) => patch.includes(corner ^ (1 << axis))),
  )
  const flatAxis = AXES.find((axis) => !edgeAxes.includes(axis)) ?? 0
  switch (patch.length) {
    case 1:
      return [slanted(1 / 8)]
    case 2:
      return [bevelled(edgeAxes[0], 1 / 2)]
    case 3:
      // An L: a triangle parallel to its face and a trapezium that cuts off the corner.
      return [flat(flatAxis, 1 / 2), slanted(3 / 8)]
    default:
      if (edgeAxes.length === 2) return [flat(flatAxis, 1)]
      if (patch.some((corner) => degree(corner) === 3)) return [slanted(3 / 4)]
      return chainNormals(
        patch.filter((corner) => degree(corner) === 1),
        patch,
      )
  }
}

/** Four corners in a row along three axes: a slanted middle with a bevel at each end. */
function chainNormals(ends: readonly number[], patch: readonly number[]): Normal[] {
  const endAxes = ends.map((end) => axisOf(end, patch.find((other) => isEdge(end, other)) ?? end))
  return [slanted(1 / 2), ...endAxes.map((axis) => bevelled(axis, 1 / 4))]
}
