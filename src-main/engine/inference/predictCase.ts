import type { InferenceConfig } from '../../contract/index.ts'
import { axisWeights, type PreparedCase, type Triple } from '../data/index.ts'
import { ClassVolumes, volumeKernels } from '../kernels/index.ts'
import type { Network } from '../networks/index.ts'
import { sumWindows, type PredictionHooks } from './predictLogits.ts'
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
  const { dims, placement } = prepared
  const { size } = placement.crop
  const volumes = new ClassVolumes(volumeKernels(), network.classes, dims[0] * dims[1] * dims[2])
  try {
    await sumWindows(network, prepared, window, inference, hooks, volumes)
    soften(volumes, inference.temperature ?? 1)
    volumes.toProbabilities()
    const answer = volumes.readLabels(dims, [
      axisWeights(dims[0], size[0]),
      axisWeights(dims[1], size[1]),
      axisWeights(dims[2], size[2]),
    ])
    return toCaseGrid(answer, placement, inference)
  } finally {
    volumes.release()
  }
}

/** Divides the logits by a temperature, by way of the mass that they are about to be divided by. */
function soften({ mass }: ClassVolumes, temperature: number): void {
  if (temperature === 1) return
  for (let i = 0; i < mass.length; i++) mass[i] *= temperature
}
