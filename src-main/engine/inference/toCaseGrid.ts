import type { VolumeGrid } from '../../contract/index.ts'
import { resample, type CasePlacement, type Triple } from '../data/index.ts'
import { fromCanonical } from '../../imaging/geometry/index.ts'
import { entropyMap, mostProbableLabels } from './labelsFromLogits.ts'
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
  const isSame = dims.every((n, axis) => n === crop.size[axis])
  const onCrop = isSame
    ? probabilities
    : probabilities.map((volume) => resample(volume, dims, crop.size))
  const labels = mostProbableLabels(onCrop)
  const entropy = entropyMap(onCrop)
  const { dims: full, spacingMm } = plan.canonical
  suppressEnhancing(labels, spacingMm.reduce((a, b) => a * b) / 1000, minEnhancingMl)
  return {
    grid: plan.stored,
    labels: fromCanonical(paste(labels, crop, full), plan),
    uncertainty: fromCanonical(paste(entropy, crop, full), plan),
    uncertaintyScore: uncertaintyScore(labels, entropy, crop.size, spacingMm),
  }
}

function paste(values: Uint8Array, crop: CasePlacement['crop'], dims: Triple): Uint8Array {
  const target = new Uint8Array(dims[0] * dims[1] * dims[2])
  const [sx, sy, sz] = crop.size
  for (let k = 0; k < sz; k++) {
    for (let j = 0; j < sy; j++) {
      const row = sx * (j + sy * k)
      const at = crop.origin[0] + dims[0] * (crop.origin[1] + j + dims[1] * (crop.origin[2] + k))
      target.set(values.subarray(row, row + sx), at)
    }
  }
  return target
}
