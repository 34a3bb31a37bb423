import { REGIONS, type Postprocessing } from '../../contract/index.ts'
import { countOverlap, dice, regionMask } from '../../imaging/metrics/index.ts'
import type { Triple } from '../data/index.ts'
import { postprocess } from './postprocess.ts'

/** A validation case: what was drawn, and what the network drew without any post-processing. */
export interface DrawnCase {
  readonly reference: Uint8Array
  readonly predicted: Uint8Array
  readonly dims: Triple
  readonly voxelMl: number
}

/** Millilitres that are tried, all pairs of them. */
export const COMPONENT_GRID = [0, 0.05, 0.1, 0.2, 0.5, 1, 2] as const
export const ENHANCING_GRID = [0, 0.05, 0.1, 0.2, 0.5, 1] as const

export interface FittedPostprocessing {
  readonly postprocessing: Postprocessing
  /** Mean Dice over regions and cases with the current thresholds, and with what was chosen. */
  readonly diceBefore: number
  readonly diceAfter: number
}

/**
 * Chooses the thresholds with the best mean Dice over regions and cases. A region that is empty in both counts 1 and in
 * one alone 0, as in the BraTS ranking: to draw nothing where nothing is must be worth something here. What is not
 * better than the current thresholds does not replace them, and of equal pairs the one that changes least is taken.
 *
 * @throws RangeError without cases
 */
export function fitPostprocessing(
  cases: readonly DrawnCase[],
  current: Postprocessing,
): FittedPostprocessing {
  if (cases.length === 0) throw new RangeError('post-processing is fitted on at least one case')
  const diceBefore = meanDice(cases, current)
  let best = { postprocessing: current, diceAfter: diceBefore }
  for (const minComponentMl of COMPONENT_GRID) {
    for (const minEnhancingMl of ENHANCING_GRID) {
      const postprocessing = { minComponentMl, minEnhancingMl }
      const diceAfter = meanDice(cases, postprocessing)
      if (diceAfter > best.diceAfter) best = { postprocessing, diceAfter }
    }
  }
  return { ...best, diceBefore }
}

function meanDice(cases: readonly DrawnCase[], postprocessing: Postprocessing): number {
  const values = cases.flatMap(({ reference, predicted, dims, voxelMl }) => {
    const labels = predicted.slice()
    postprocess(labels, dims, voxelMl, postprocessing)
    return REGIONS.map(
      (region) =>
        dice(countOverlap(regionMask(reference, region), regionMask(labels, region)), 'brats') ?? 0,
    )
  })
  return values.reduce((a, b) => a + b, 0) / values.length
}
