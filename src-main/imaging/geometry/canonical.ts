import type { VolumeGrid } from '../../contract/volume.ts'
import { createVoxels, voxelTypeOf } from '../volume/index.ts'
import type { Volume, Voxels } from '../volume/index.ts'
import { multiplyAffines } from './affine.ts'
import { createGrid } from './grid.ts'
import { axisOrientation } from './orientation.ts'

type Triple = [number, number, number]

/**
 * How stored voxels become canonical ones: axis `axisOf[n]` of the stored grid becomes canonical axis n,
 * read backwards where `flipped[n]`. A permutation and flips only: no voxel value changes.
 */
export interface CanonicalPlan {
  readonly stored: VolumeGrid
  readonly canonical: VolumeGrid
  readonly axisOf: Triple
  readonly flipped: [boolean, boolean, boolean]
}

/** Plans the axis order and direction nearest to RAS+ for a grid. Oblique grids stay oblique. */
export function planCanonical(grid: VolumeGrid): CanonicalPlan {
  const { worldAxis, sign } = axisOrientation(grid.indexToWorld)
  const axisOf: Triple = [worldAxis.indexOf(0), worldAxis.indexOf(1), worldAxis.indexOf(2)]
  const flipped: [boolean, boolean, boolean] = [
    sign[axisOf[0]] < 0,
    sign[axisOf[1]] < 0,
    sign[axisOf[2]] < 0,
  ]
  const canonicalToStored = new Array<number>(16).fill(0)
  canonicalToStored[15] = 1
  for (let axis = 0; axis < 3; axis++) {
    const stored = axisOf[axis]
    canonicalToStored[4 * stored + axis] = flipped[axis] ? -1 : 1
    canonicalToStored[4 * stored + 3] = flipped[axis] ? grid.dims[stored] - 1 : 0
  }
  const canonical = createGrid(
    [grid.dims[axisOf[0]], grid.dims[axisOf[1]], grid.dims[axisOf[2]]],
    multiplyAffines(grid.indexToWorld, canonicalToStored),
  )
  return { stored: grid, canonical, axisOf, flipped }
}

/** Reorders a volume to the axis order nearest to RAS+. The plan leads back. */
export function toCanonical(volume: Volume): { volume: Volume; plan: CanonicalPlan } {
  const plan = planCanonical(volume.grid)
  const voxels = reorder(volume.voxels, plan, true)
  return { volume: { grid: plan.canonical, voxelType: volume.voxelType, voxels }, plan }
}

/** Brings voxels on the canonical grid back to the stored order: the exact inverse of `toCanonical`. */
export function fromCanonical<V extends Voxels>(voxels: V, plan: CanonicalPlan): V {
  return reorder(voxels, plan, false)
}

/** Where canonical voxel (i, j, k) lies in the stored order: `start + i·step[0] + j·step[1] + k·step[2]`. */
export function storedSteps(plan: CanonicalPlan): { start: number; step: Triple } {
  const storedStrides = [1, plan.stored.dims[0], plan.stored.dims[0] * plan.stored.dims[1]]
  const along = (axis: number): number =>
    (plan.flipped[axis] ? -1 : 1) * storedStrides[plan.axisOf[axis]]
  let start = 0
  for (let axis = 0; axis < 3; axis++) {
    if (plan.flipped[axis]) {
      const stored = plan.axisOf[axis]
      start += (plan.stored.dims[stored] - 1) * storedStrides[stored]
    }
  }
  return { start, step: [along(0), along(1), along(2)] }
}

function reorder<V extends Voxels>(source: V, plan: CanonicalPlan, towardsCanonical: boolean): V {
  const [nx, ny, nz] = plan.canonical.dims
  const { start, step } = storedSteps(plan)
  const target = createVoxels(voxelTypeOf(source), source.length) as V
  let canonicalIndex = 0
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      let storedIndex = start + k * step[2] + j * step[1]
      for (let i = 0; i < nx; i++) {
        if (towardsCanonical) target[canonicalIndex] = source[storedIndex]
        else target[storedIndex] = source[canonicalIndex]
        canonicalIndex++
        storedIndex += step[0]
      }
    }
  }
  return target
}
