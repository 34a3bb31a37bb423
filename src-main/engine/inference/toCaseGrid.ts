import type { InferenceConfig, VolumeGrid } from '../../contract/index.ts'
import type { CasePlacement } from '../data/index.ts'
import type { LabelsAndEntropy } from '../kernels/index.ts'
import { postprocess } from '../postprocessing/index.ts'
import { pasteStored } from './pasteStored.ts'
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
 * Brings labels and entropy of the crop to the case grid: labels post-processed, background around the crop, then back to the stored axis order.
 *
 * @param answer on the crop, canonical axis order; its labels may be changed
 */
export function toCaseGrid(
  { labels, entropy }: LabelsAndEntropy,
  placement: CasePlacement,
  { minEnhancingMl, minComponentMl = 0 }: InferenceConfig,
): CasePrediction {
  const { canonical: plan, crop } = placement
  const { spacingMm } = plan.canonical
  const voxelMl = spacingMm.reduce((a, b) => a * b) / 1000
  postprocess(labels, crop.size, voxelMl, { minEnhancingMl, minComponentMl })
  return {
    grid: plan.stored,
    labels: pasteStored(labels, placement),
    uncertainty: pasteStored(entropy, placement),
    uncertaintyScore: uncertaintyScore(labels, entropy, crop.size, spacingMm),
  }
}
