import { GliadeskError } from '../../contract/errors.ts'
import type { LabelOperation } from '../../contract/labelOperation.ts'
import type { VolumeGrid } from '../../contract/volume.ts'
import { growFromSeeds } from './growFromSeeds.ts'
import { keepLargestIsland, removeSmallIslands } from './islands.ts'
import { keepLocked } from './keepLocked.ts'
import { combineMasks, maskOfLabel, redrawLabel } from './logicalOperations.ts'
import { growMargin, hollow, shrinkMargin } from './margin.ts'
import { growConfidentRegion, type Intensities } from './regionGrowing.ts'
import { interpolateSlices } from './sliceInterpolation.ts'
import { gaussianSmooth, jointSmooth, medianSmooth } from './smoothing.ts'

/** Marks what is certainly background while seeds grow; no label of ours. */
const BACKGROUND_SEED = 4

/** How thick the shell of background seeds is, mm: seeds need not fill the rest of the head. */
const SHELL_MM = 4

/**
 * The labelmap after one operation. An operation on one class redraws it: voxels it gains are taken from other classes,
 * voxels it loses become background.
 *
 * @param labels canonical, not modified
 * @param image intensities of the sequence that the operation names; not read by the others
 * @param locked label values that neither lose nor gain a voxel
 * @returns new labels; equal ones where there was nothing to do
 * @throws GliadeskError BAD_INPUT where locks alone are the reason that nothing changes, or where a point lies
 *   outside of the image
 */
export function applyLabelOperation(
  labels: Uint8Array,
  grid: VolumeGrid,
  operation: LabelOperation,
  image: Intensities | null,
  locked: readonly number[] = [],
): Uint8Array {
  return keepLocked(labels, resultOf(labels, grid, operation, image), locked)
}

function resultOf(
  labels: Uint8Array,
  grid: VolumeGrid,
  operation: LabelOperation,
  image: Intensities | null,
): Uint8Array {
  if (operation.kind === 'smooth-all') return jointSmooth(labels, grid, operation.radiusMm)
  if (operation.kind === 'grow-from-seeds') {
    return grownFromSeeds(labels, grid, required(image), operation.reachMm)
  }
  const mask = maskOfLabel(labels, operation.label)
  const redraw = (redrawn: Uint8Array): Uint8Array => redrawLabel(labels, operation.label, redrawn)
  switch (operation.kind) {
    case 'keep-largest':
      return redraw(keepLargestIsland(mask, grid))
    case 'remove-small':
      return redraw(removeSmallIslands(mask, grid, operation.minimumMl))
    case 'smooth': {
      const smooth = operation.method === 'median' ? medianSmooth : gaussianSmooth
      return redraw(smooth(mask, grid, operation.radiusMm))
    }
    case 'grow':
      return redraw(growMargin(mask, grid, operation.marginMm))
    case 'shrink':
      return redraw(shrinkMargin(mask, grid, operation.marginMm))
    case 'hollow':
      return redraw(hollow(mask, grid, operation.thicknessMm))
    case 'interpolate':
      return redraw(interpolateSlices(mask, grid, operation.axis as 0 | 1 | 2))
    case 'grow-region': {
      if (operation.voxel >= labels.length) {
        throw new GliadeskError(
          'BAD_INPUT',
          'The point to grow from lies outside of the image.',
          'Put the crosshair on the tissue to grow into.',
        )
      }
      const { region } = growConfidentRegion(required(image), grid, [operation.voxel], {
        radius: 1,
        multiplier: operation.tolerance,
        iterations: 2,
      })
      return redraw(combineMasks(mask, region, 'union'))
    }
  }
}

function grownFromSeeds(
  labels: Uint8Array,
  grid: VolumeGrid,
  image: Intensities,
  reachMm: number,
): Uint8Array {
  const near = growMargin(labels, grid, reachMm)
  const shell = combineMasks(growMargin(near, grid, SHELL_MM), near, 'difference')
  const seeds = labels.map((label, voxel) => (shell[voxel] !== 0 ? BACKGROUND_SEED : label))
  const grown = growFromSeeds(image, seeds, grid, { marginMm: 0 })
  return grown.map((label, voxel) => (near[voxel] !== 0 && label !== BACKGROUND_SEED ? label : 0))
}

function required(image: Intensities | null): Intensities {
  if (!image) throw new RangeError('This operation needs the intensities of a sequence')
  return image
}
