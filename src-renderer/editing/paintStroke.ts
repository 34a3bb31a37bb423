import type { VolumeGrid } from '../../src-main/contract/volume.ts'
import type { Vector3 } from '../../src-main/imaging/geometry/index.ts'
import { visitStrokeSegment, type Brush } from './brushStroke.ts'
import { LabelEdit, type EditTarget, type LabelLocks, type VoxelChanges } from './labelEdit.ts'

/** Keeps a brush to voxels whose intensity lies in a range (inclusive), the threshold brush. */
export interface IntensityRange {
  voxels: ArrayLike<number>
  low: number
  high: number
}

/** Draws one more piece of a stroke into an edit; a single point is a piece from itself to itself. */
export function paintSegment(
  edit: LabelEdit,
  grid: VolumeGrid,
  brush: Brush,
  from: Vector3,
  to: Vector3,
  range: IntensityRange | null = null,
): void {
  visitStrokeSegment(grid, brush, from, to, (index) => {
    if (range && !(range.voxels[index] >= range.low && range.voxels[index] <= range.high)) return
    edit.write(index)
  })
}

/**
 * Paints a whole stroke through pointer positions (continuous voxel indices) and says what changed. An
 * empty stroke changes nothing.
 */
export function paintStroke(
  target: EditTarget,
  grid: VolumeGrid,
  brush: Brush,
  points: readonly Vector3[],
  value: number,
  locks: LabelLocks,
  range: IntensityRange | null = null,
): VoxelChanges {
  const edit = new LabelEdit(target, value, locks)
  points.forEach((point, n) =>
    paintSegment(edit, grid, brush, points[Math.max(0, n - 1)], point, range),
  )
  return edit.changes()
}
