import { LABEL_COUNT, REGIONS } from '../../contract/index.ts'
import { interleave, type PreparedCase } from '../../engine/data/index.ts'
import { tf } from '../../engine/tensor.ts'
import type { TrainedNetwork } from '../../engine/training/index.ts'
import { countOverlap, dice, regionMask } from '../../imaging/metrics/index.ts'
import type { CaseDice } from '../protocol/index.ts'

/**
 * Dice by region of every test case. A region that is absent in the reference is left out whatever was predicted, so
 * that every arm is scored on exactly the same case–region pairs.
 */
export function scoreNetwork(trained: TrainedNetwork, cases: readonly PreparedCase[]): CaseDice[] {
  return cases.map((subject) => {
    const predicted = predictLabels(trained, subject)
    const reference = subject.labels ?? new Uint8Array(predicted.length)
    const [WT, TC, ET] = REGIONS.map((region) => {
      const overlap = countOverlap(regionMask(reference, region), regionMask(predicted, region))
      return overlap.reference === 0 ? null : dice(overlap, 'nan')
    })
    return { WT, TC, ET }
  })
}

function predictLabels({ network, sequences }: TrainedNetwork, subject: PreparedCase): Uint8Array {
  const [width, height, depth] = subject.dims
  return tf.tidy(() => {
    const patch = { size: subject.dims, channels: subject.channels }
    const images = interleave([patch], subject.sequences, sequences)
    const { logits } = network.forward(
      tf.tensor5d(images, [1, depth, height, width, sequences.length]),
    )
    return labelsOf(logits[0].dataSync() as Float32Array)
  }) as unknown as Uint8Array
}

/** The most probable class a voxel of channels-last logits; the lower label on a tie. */
function labelsOf(logits: Float32Array): Uint8Array {
  const labels = new Uint8Array(logits.length / LABEL_COUNT)
  for (let voxel = 0, at = 0; voxel < labels.length; voxel++, at += LABEL_COUNT) {
    let best = 0
    for (let c = 1; c < LABEL_COUNT; c++) if (logits[at + c] > logits[at + best]) best = c
    labels[voxel] = best
  }
  return labels
}
