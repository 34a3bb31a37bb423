import type { VolumeGrid } from '../../contract/index.ts'
import type { CasePlacement, Triple } from '../data/index.ts'
import { labelsOnGrid } from './labelsOnGrid.ts'
import { pasteStored } from './pasteStored.ts'
import { suppressEnhancing } from './suppressEnhancing.ts'
import { uncertaintyScore } from './uncertaintyScore.ts'

/** A network's answer on the grid of the case's files, in stored order. */
export interface CasePrediction {
  readonly grid: VolumeGrid
  /** Canonical labels. */
  readonly labels: Uint8Array
  /** Entropy, 0–255 for 0–ln(classes). */
  readonly uncertainty: Uint8Array
  /** 0 (sure) to 1. */
  readonly uncertaintyScore: number
}

/**
 * Brings class probabilities from the network's working grid to the case grid: resampled to the crop, labels and
 * entropy taken there, stray enhancing tumour suppressed, background around it, then back to the stored axis order.
 *
 * @param dims of the working grid
 */
export function toCaseGrid(
  probabilities: readonly Float32Array[],
  dims: Triple,
  placement: CasePlacement,
  minEnhancingMl: number,
): CasePrediction {
  const { canonical: plan, crop } = placement
  const { labels, entropy } = labelsOnGrid(probabilities, dims, crop.size)
  const { spacingMm } = plan.canonical
  suppressEnhancing(labels, spacingMm.reduce((a, b) => a * b) / 1000, minEnhancingMl)
  return {
    grid: plan.stored,
    labels: pasteStored(labels, placement),
    uncertainty: pasteStored(entropy, placement),
    uncertaintyScore: uncertaintyScore(labels, entropy, crop.size, spacingMm),
  }
}
