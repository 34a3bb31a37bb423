import type { VolumeGrid } from '../../../src-main/contract/volume.ts'
import {
  axisOrientation,
  directionOf,
  type Vector3,
} from '../../../src-main/imaging/geometry/index.ts'

export type Plane = 'axial' | 'sagittal' | 'coronal'
export const PLANES: readonly Plane[] = ['axial', 'sagittal', 'coronal']

/** One voxel axis as it runs on the screen: which axis, and whether its index grows along the screen direction. */
export interface ScreenAxis {
  axis: 0 | 1 | 2
  sign: 1 | -1
}

/**
 * How one anatomical plane of a grid is put on the screen. Slices are always voxel slices (never
 * interpolated between two), shown in radiological convention: the patient's left on the image's right,
 * anterior (axial) or superior up, and in sagittal views anterior on the left.
 */
export interface ViewPlane {
  plane: Plane
  /** Voxel axis growing (`sign` 1) or shrinking (−1) from the image's left to its right. */
  right: ScreenAxis
  /** Voxel axis growing or shrinking from the image's top to its bottom. */
  down: ScreenAxis
  /** The axis that scrolling moves along; `sign` 1 where a higher index is more superior, right or anterior. */
  through: ScreenAxis
  /** Unit vectors of the screen in RAS space. */
  rightRas: Vector3
  downRas: Vector3
  /** Points out of the screen towards the reader. */
  normalRas: Vector3
}

/** Unit RAS direction in which a voxel index grows. */
function axisDirection(grid: VolumeGrid, axis: number): Vector3 {
  const direction = directionOf(grid.indexToWorld)
  return [direction[axis], direction[3 + axis], direction[6 + axis]]
}

const negate = (v: Vector3): Vector3 => [-v[0], -v[1], -v[2]]
const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]

/** World axis (0 R, 1 A, 2 S) and direction that the screen's right, down and scroll-up run along. */
const LAYOUT: Record<Plane, { right: number; down: number; through: number }> = {
  axial: { right: 0, down: 1, through: 2 },
  coronal: { right: 0, down: 2, through: 1 },
  sagittal: { right: 1, down: 2, through: 0 },
}

/** Puts one anatomical plane of a grid on the screen; works for any storage order and oblique axes. */
export function viewPlaneOf(grid: VolumeGrid, plane: Plane): ViewPlane {
  const orientation = axisOrientation(grid.indexToWorld)
  const layout = LAYOUT[plane]
  const voxelAxis = (world: number): 0 | 1 | 2 => orientation.worldAxis.indexOf(world) as 0 | 1 | 2
  // Screen right is −R or −A and screen down is −A or −S: in RAS every screen direction runs negative.
  const screenAxis = (world: number): ScreenAxis => {
    const axis = voxelAxis(world)
    return { axis, sign: orientation.sign[axis] < 0 ? 1 : -1 }
  }
  const right = screenAxis(layout.right)
  const down = screenAxis(layout.down)
  const through = voxelAxis(layout.through)
  const along = ({ axis, sign }: ScreenAxis): Vector3 =>
    sign === 1 ? axisDirection(grid, axis) : negate(axisDirection(grid, axis))
  const rightRas = along(right)
  const downRas = along(down)
  return {
    plane,
    right,
    down,
    through: { axis: through, sign: orientation.sign[through] < 0 ? -1 : 1 },
    rightRas,
    downRas,
    normalRas: cross(rightRas, negate(downRas)),
  }
}

/** Count of slices of a plane. */
export const sliceCount = (grid: VolumeGrid, view: ViewPlane): number =>
  grid.dims[view.through.axis]
