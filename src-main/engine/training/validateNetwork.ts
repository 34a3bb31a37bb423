import { REGIONS, type ManifestCase } from '../../contract/index.ts'
import { voxelVolumeMl } from '../../imaging/geometry/index.ts'
import { countOverlap, dice, regionMask, summariseScores } from '../../imaging/metrics/index.ts'
import type { ValidationScore } from '../checkpoint/index.ts'
import type { PreparedCase, Triple } from '../data/index.ts'
import { mostProbableLabels, predictLogits, type PredictionHooks } from '../inference/index.ts'
import type { Network } from '../networks/index.ts'
import { DEFAULT_INFERENCE } from '../planning/index.ts'
import { postprocess } from '../postprocessing/index.ts'

/** As in prediction: the same weights are to win here and there. */
const INFERENCE = DEFAULT_INFERENCE

/**
 * Segments whole validation cases with the network as it is and scores them by region, on the network's
 * working grid. Regions that neither drawing has are left out of a mean, not counted as perfect.
 */
export async function validateNetwork(
  network: Network,
  window: Triple,
  cases: readonly ManifestCase[],
  getCase: (caseId: string) => Promise<PreparedCase>,
  hooks: PredictionHooks,
): Promise<Omit<ValidationScore, 'step'>> {
  const scores = []
  for (const { caseId } of cases) {
    const prepared = await getCase(caseId)
    if (!prepared.labels) continue
    const predicted = mostProbableLabels(
      await predictLogits(network, prepared, window, INFERENCE, hooks),
    )
    postprocess(predicted, prepared.dims, workingVoxelMl(prepared), {
      minEnhancingMl: INFERENCE.minEnhancingMl,
      minComponentMl: INFERENCE.minComponentMl ?? 0,
    })
    scores.push(diceByRegion(prepared.labels, predicted))
  }
  const undefinedByRegion = { WT: null, TC: null, ET: null }
  const { meanDice } = summariseScores(
    scores.map((score) => ({
      dice: score,
      hd95Mm: undefinedByRegion,
      volumeErrorMl: { WT: 0, TC: 0, ET: 0 },
    })),
  )
  const defined = Object.values(meanDice).filter((value) => value !== null)
  return {
    dice: meanDice,
    meanDice: defined.length > 0 ? defined.reduce((a, b) => a + b, 0) / defined.length : null,
  }
}

/** Volume of a voxel of the working grid, which covers the same box as the crop. */
export function workingVoxelMl({ dims, placement }: PreparedCase): number {
  const { canonical, crop } = placement
  const ratio = crop.size.reduce((product, n, axis) => (product * n) / dims[axis], 1)
  return voxelVolumeMl(canonical.canonical) * ratio
}

function diceByRegion(
  reference: Uint8Array,
  predicted: Uint8Array,
): Record<'WT' | 'TC' | 'ET', number | null> {
  const [WT, TC, ET] = REGIONS.map((region) =>
    dice(countOverlap(regionMask(reference, region), regionMask(predicted, region)), 'nan'),
  )
  return { WT, TC, ET }
}
