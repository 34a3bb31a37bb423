import type { HeadGrid } from './headGrid.ts'

/** The part of the grid that can hold head: all work happens there. Flat index a + sx·(b + sy·c). */
export interface HeadBox {
  /** Grid index of box voxel (0,0,0), and the size, in voxels. */
  low: readonly [number, number, number]
  size: readonly [number, number, number]
  count: number
  spacingMm: number
  /** Anatomical position (mm) of box voxel (0,0,0). */
  originMm: readonly [number, number, number]
}

/** Furthest a head reaches, mm in anatomical coordinates (low and high along x, y, z). */
const REACH_MM = [
  [-70, 70],
  [-105, 71],
  [-66, 80],
] as const

/** Cuts the head's box out of the grid. */
export function createHeadBox(head: HeadGrid): HeadBox {
  const s = head.spacingMm
  const low: number[] = []
  const size: number[] = []
  for (let axis = 0; axis < 3; axis++) {
    const backwards = axis === 1
    const from = backwards
      ? head.originMm[1] - REACH_MM[1][1]
      : REACH_MM[axis][0] - head.originMm[axis]
    const to = backwards
      ? head.originMm[1] - REACH_MM[1][0]
      : REACH_MM[axis][1] - head.originMm[axis]
    low.push(Math.max(0, Math.floor(from / s)))
    size.push(Math.min(head.grid.dims[axis] - 1, Math.ceil(to / s)) - low[axis] + 1)
  }
  return {
    low: [low[0], low[1], low[2]],
    size: [size[0], size[1], size[2]],
    count: size[0] * size[1] * size[2],
    spacingMm: s,
    originMm: [
      head.originMm[0] + low[0] * s,
      head.originMm[1] - low[1] * s,
      head.originMm[2] + low[2] * s,
    ],
  }
}

/** Visits every voxel of the box within `radiusMm` of a point, with its position in mm. */
export function forEachNear(
  box: HeadBox,
  centreMm: readonly [number, number, number],
  radiusMm: number,
  visit: (index: number, x: number, y: number, z: number) => void,
): void {
  const s = box.spacingMm
  const at = [
    (centreMm[0] - box.originMm[0]) / s,
    (box.originMm[1] - centreMm[1]) / s,
    (centreMm[2] - box.originMm[2]) / s,
  ]
  const reach = radiusMm / s
  const from = at.map((value) => Math.max(0, Math.ceil(value - reach)))
  const to = at.map((value, axis) => Math.min(box.size[axis] - 1, Math.floor(value + reach)))
  for (let c = from[2]; c <= to[2]; c++) {
    for (let b = from[1]; b <= to[1]; b++) {
      for (let a = from[0]; a <= to[0]; a++) {
        visit(
          a + box.size[0] * (b + box.size[1] * c),
          box.originMm[0] + a * s,
          box.originMm[1] - b * s,
          box.originMm[2] + c * s,
        )
      }
    }
  }
}
