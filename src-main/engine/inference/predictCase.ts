import type { InferenceConfig } from '../../contract/index.ts'
import type { PreparedCase, Triple } from '../data/index.ts'
import type { Network } from '../networks/index.ts'
import { softmaxInPlace } from './labelsFromLogits.ts'
import { predictLogits, type PredictionHooks } from './predictLogits.ts'
import { toCaseGrid, type CasePrediction } from './toCaseGrid.ts'

/**
 * Segments a case: windows, softmax, labels and uncertainty on the case's own grid.
 *
 * @param window voxels along x, y, z; the size the network was trained on
 */
export async function predictCase(
  network: Network,
  prepared: PreparedCase,
  window: Triple,
  inference: InferenceConfig,
  hooks: PredictionHooks,
): Promise<CasePrediction> {
  const scores = await predictLogits(network, prepared, window, inference, hooks)
  softmaxInPlace(scores)
  return toCaseGrid(scores, prepared.dims, prepared.placement, inference.minEnhancingMl)
}
