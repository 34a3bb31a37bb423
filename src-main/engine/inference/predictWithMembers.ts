import type { InferenceConfig } from '../../contract/index.ts'
import { axisWeights, type PreparedCase, type Triple } from '../data/index.ts'
import { ClassVolumes, volumeKernels } from '../kernels/index.ts'
import type { Network } from '../networks/index.ts'
import { predictCase } from './predictCase.ts'
import { sumWindows, type PredictionHooks } from './predictLogits.ts'
import { toCaseGrid, type CasePrediction } from './toCaseGrid.ts'
import { voteEntropy } from './voteEntropy.ts'

/** One network of an ensemble. */
export interface Member {
  readonly network: Network
  /** Voxels along x, y, z; the size it was trained on. */
  readonly window: Triple
}

/** So that a probability of 0 has a logarithm. */
const SMALLEST = 1e-12

/**
 * Segments a case with the mean of the members' class probabilities (Lakshminarayanan et al. 2017, arXiv:1612.01474).
 * One member alone predicts as `predictCase` does.
 *
 * @param prepared read as every member reads: their sequences and voxel size are the same
 */
export async function predictWithMembers(
  members: readonly Member[],
  prepared: PreparedCase,
  inference: InferenceConfig,
  hooks: PredictionHooks,
): Promise<CasePrediction> {
  const [first] = members
  if (members.length === 1 && !inference.agreement) {
    return predictCase(first.network, prepared, first.window, inference, hooks)
  }
  const { dims, placement } = prepared
  const logProbabilities = await meanLogProbabilities(members, prepared, inference, hooks)
  const voxels = dims[0] * dims[1] * dims[2]
  const volumes = new ClassVolumes(volumeKernels(), first.network.classes, voxels)
  try {
    logProbabilities.forEach((values, c) => volumes.sums[c].set(values))
    volumes.mass.fill(inference.temperature ?? 1)
    volumes.toProbabilities()
    const { size } = placement.crop
    const answer = volumes.readLabels(dims, [
      axisWeights(dims[0], size[0]),
      axisWeights(dims[1], size[1]),
      axisWeights(dims[2], size[2]),
    ])
    const entropy = inference.agreement
      ? await voteEntropy(members, prepared, inference, hooks)
      : answer.entropy
    return toCaseGrid({ labels: answer.labels, entropy }, placement, inference)
  } finally {
    volumes.release()
  }
}

/**
 * ln of the mean over the members of their softmax, one volume a class on the working grid: what stands for an ensemble's
 * logits.
 */
export async function meanLogProbabilities(
  members: readonly Member[],
  prepared: PreparedCase,
  inference: InferenceConfig,
  hooks: PredictionHooks,
): Promise<Float32Array[]> {
  const voxels = prepared.dims[0] * prepared.dims[1] * prepared.dims[2]
  const { classes } = members[0].network
  const means = Array.from({ length: classes }, () => new Float32Array(voxels))
  for (const [index, { network, window }] of members.entries()) {
    const volumes = new ClassVolumes(volumeKernels(), classes, voxels)
    try {
      const within: PredictionHooks = {
        afterWindows: (done, total) =>
          hooks.afterWindows(index * total + done, members.length * total),
      }
      await sumWindows(network, prepared, window, inference, within, volumes)
      volumes.toProbabilities()
      for (let c = 0; c < classes; c++) {
        const probabilities = volumes.sums[c]
        const mean = means[c]
        for (let i = 0; i < voxels; i++) mean[i] += probabilities[i] / members.length
      }
    } finally {
      volumes.release()
    }
  }
  return means.map((mean) => mean.map((value) => Math.log(Math.max(SMALLEST, value))))
}
