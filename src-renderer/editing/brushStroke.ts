import type { VolumeGrid } from '../../src-main/contract/volume.ts'
import type { Vector3 } from '../../src-main/imaging/geometry/index.ts'

export type BrushShape = 'circle' | 'sphere'

export interface Brush {
  shape: BrushShape
  /** 0 paints exactly the one voxel under the pointer. */
  radiusMm: number
  /** The voxel axis that the view looks along; a circle stays in its slice. */
  sliceAxis: 0 | 1 | 2
}

/**
 * Visits every voxel that a brush covers on its way between two pointer positions: those whose centre lies
 * within the radius of the line between them, in millimetres, so that the brush is round on anisotropic
 * voxels and a fast stroke has no gaps; and those the line itself passes through, so that a brush smaller
 * than a voxel still paints. A voxel may be visited twice. Positions outside the grid are allowed.
 *
 * @param from and to: continuous voxel indices, voxel centres at whole numbers
 */
export function visitStrokeSegment(
  grid: VolumeGrid,
  brush: Brush,
  from: Vector3,
  to: Vector3,
  visit: (index: number) => void,
): void {
  visitCapsule(grid, brush, from, to, visit)
  visitLine(grid, from, to, visit)
}

function visitCapsule(
  grid: VolumeGrid,
  brush: Brush,
  from: Vector3,
  to: Vector3,
  visit: (index: number) => void,
): void {
  const { dims, spacingMm } = grid
  const { radiusMm } = brush
  if (!(radiusMm > 0)) return
  const low: number[] = []
  const high: number[] = []
  for (let axis = 0; axis < 3; axis++) {
    const flat = brush.shape === 'circle' && axis === brush.sliceAxis
    const reach = flat ? 0 : radiusMm / spacingMm[axis]
    const first = Math.min(from[axis], to[axis]) - reach
    const last = Math.max(from[axis], to[axis]) + reach
    low[axis] = Math.max(0, flat ? Math.round(first) : Math.ceil(first))
    high[axis] = Math.min(dims[axis] - 1, flat ? Math.round(last) : Math.floor(last))
  }
  const dx = (to[0] - from[0]) * spacingMm[0]
  const dy = (to[1] - from[1]) * spacingMm[1]
  const dz = (to[2] - from[2]) * spacingMm[2]
  const lengthSquared = dx * dx + dy * dy + dz * dz
  const limit = radiusMm * radiusMm * (1 + 1e-12)
  for (let k = low[2]; k <= high[2]; k++) {
    const pz = (k - from[2]) * spacingMm[2]
    for (let j = low[1]; j <= high[1]; j++) {
      const py = (j - from[1]) * spacingMm[1]
      const row = dims[0] * (j + dims[1] * k)
      for (let i = low[0]; i <= high[0]; i++) {
        const px = (i - from[0]) * spacingMm[0]
        const along =
          lengthSquared > 0
            ? Math.min(1, Math.max(0, (px * dx + py * dy + pz * dz) / lengthSquared))
            : 0
        const ex = px - along * dx
        const ey = py - along * dy
        const ez = pz - along * dz
        if (ex * ex + ey * ey + ez * ez <= limit) visit(row + i)
      }
    }
  }
}

/** Visits the voxels that a line passes through, face to face (Amanatides & Woo 1987). */
function visitLine(
  grid: VolumeGrid,
  from: Vector3,
  to: Vector3,
  visit: (index: number) => void,
): void {
  const { dims } = grid
  const voxel = from.map((value) => Math.floor(value + 0.5))
  const last = to.map((value) => Math.floor(value + 0.5))
  const step = [0, 1, 2].map((axis) => Math.sign(to[axis] - from[axis]))
  const perVoxel = [0, 1, 2].map((axis) => 1 / Math.abs(to[axis] - from[axis]))
  // Parameter along the line, 0 to 1, at which it next crosses a voxel face on each axis.
  const next = [0, 1, 2].map((axis) =>
    step[axis] === 0
      ? Number.POSITIVE_INFINITY
      : Math.abs(voxel[axis] + 0.5 * step[axis] - from[axis]) * perVoxel[axis],
  )
  const steps = [0, 1, 2].reduce((sum, axis) => sum + Math.abs(last[axis] - voxel[axis]), 0)
  for (let n = 0; n <= steps; n++) {
    if (voxel.every((value, axis) => value >= 0 && value < dims[axis])) {
      visit(voxel[0] + dims[0] * (voxel[1] + dims[1] * voxel[2]))
    }
    const axis = next[0] <= next[1] ? (next[0] <= next[2] ? 0 : 2) : next[1] <= next[2] ? 1 : 2
    voxel[axis] += step[axis]
    next[axis] += perVoxel[axis]
  }
}
