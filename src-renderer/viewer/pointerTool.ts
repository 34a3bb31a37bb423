import type { Vector3 } from '../../src-main/imaging/geometry/index.ts'
import type { ViewPlane } from './geometry/viewPlane.ts'

/** A pointer position as a tool gets it. */
export interface ToolPoint {
  /** Continuous voxel index on the shown slice. */
  index: Vector3
  view: ViewPlane
  slice: number
}

/** What a paint tool shows at the pointer; null for the plain cursor. */
export interface ToolCursor {
  /** 0 outlines the one voxel under the pointer. */
  radiusMm: number
  colour: string
}

/** A tool that draws into the labelmap. The viewer feeds it the positions of one gesture at a time. */
export interface PointerTool {
  cursor(erase: boolean): ToolCursor | null
  /** An outline being drawn, in voxel indices; empty when there is none. */
  outline(): readonly Vector3[]
  begin(point: ToolPoint, erase: boolean): void
  /** Every position since the last call, in order; fast drags bring several a frame. */
  move(points: readonly ToolPoint[]): void
  end(): void
  cancel(): void
}
