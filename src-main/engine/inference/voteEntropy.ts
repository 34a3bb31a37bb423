import type { InferenceConfig } from '../../contract/index.ts'
import { ALL_MIRRORS, axisWeights, type PreparedCase } from '../data/index.ts'
import { ClassVolumes, volumeKernels } from '../kernels/index.ts'
import { sumWindows, type PredictionHooks } from './predictLogits.ts'
import type { Member } from './predictWithMembers.ts'

/**
 * How far the views of a case disagree: every member segments all eight mirrored views, each gives a voxel one vote, and
 * the map is the entropy of the votes, −Σ v_c ln v_c / ln 4 (vote entropy, Dagan & Engelson 1995). 0 where all agree,
 * however unsure each is by itself.
 *
 * @returns 0–255 on the crop of the case grid, canonical axis order
 */
export async function voteEntropy(
  members: readonly Member[],
  prepared: PreparedCase,
  inference: InferenceConfig,
  hooks: PredictionHooks,
): Promise<Uint8Array> {
  const { dims, placement } = prepared
  const voxels = dims[0] * dims[1] * dims[2]
  const { classes } = members[0].network
  const rounds = members.length * ALL_MIRRORS.length
  const votes = Array.from({ length: classes }, () => new Float32Array(voxels))
  let round = 0
  for (const { network, window } of members) {
    for (const axes of ALL_MIRRORS) {
      const volumes = new ClassVolumes(volumeKernels(), classes, voxels)
      try {
        const before = round++
        const within: PredictionHooks = {
          afterWindows: (done, total) => hooks.afterWindows(before * total + done, rounds * total),
        }
        await sumWindows(network, prepared, window, inference, within, volumes, [axes])
        castVotes(volumes, votes)
      } finally {
        volumes.release()
      }
    }
  }
  const shares = new ClassVolumes(volumeKernels(), classes, voxels)
  try {
    votes.forEach((counts, c) => shares.sums[c].set(counts.map((count) => count / rounds)))
    const { size } = placement.crop
    return shares.readLabels(dims, [
      axisWeights(dims[0], size[0]),
      axisWeights(dims[1], size[1]),
      axisWeights(dims[2], size[2]),
    ]).entropy
  } finally {
    shares.release()
  }
}

/** One vote a voxel for the class with the largest sum; the lower class on a tie. */
function castVotes({ sums }: Pick<ClassVolumes, 'sums'>, votes: readonly Float32Array[]): void {
  for (let i = 0; i < sums[0].length; i++) {
    let best = 0
    for (let c = 1; c < sums.length; c++) if (sums[c][i] > sums[best][i]) best = c
    votes[best][i]++
  }
}
