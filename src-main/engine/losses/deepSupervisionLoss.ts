import { tf } from '../tensor.ts'
import { regionLoss } from './regionLoss.ts'
import {
  segmentationLoss,
  type SegmentationLoss,
  type SegmentationLossWeights,
} from './segmentationLoss.ts'

/** Weights 1, ½, ¼ …, finest first, scaled to sum 1 as in nnU-Net. */
export function supervisionWeights(outputs: number): number[] {
  const raw = Array.from({ length: outputs }, (_, level) => 0.5 ** level)
  const sum = raw.reduce((a, b) => a + b, 0)
  return raw.map((weight) => weight / sum)
}

/**
 * Segmentation loss over the outputs of every supervised level. `dice` and `crossEntropy` are the
 * finest level's, which is the one a reader of the curves knows.
 *
 * @param logits finest first, B×D×H×W×C at each level's own grid
 * @param targets one-hot labels N×4 (or N×C without regions), one a level
 * @param head what the channels of `logits` are: classes, or the regions WT, TC, ET
 */
export function deepSupervisionLoss(
  logits: readonly tf.Tensor5D[],
  targets: readonly tf.Tensor2D[],
  weights: SegmentationLossWeights,
  head: 'classes' | 'regions' = 'classes',
): SegmentationLoss {
  const lossOf = head === 'regions' ? regionLoss : segmentationLoss
  if (logits.length === 0 || logits.length > targets.length) {
    throw new RangeError(`${logits.length} outputs need as many targets, got ${targets.length}`)
  }
  const levelWeights = supervisionWeights(logits.length)
  const losses = logits.map((output, level) => lossOf(output, targets[level], weights))
  const total = losses
    .map((loss, level) => tf.mul(loss.total, levelWeights[level]))
    .reduce((a, b) => tf.add(a, b)) as tf.Scalar
  return { total, dice: losses[0].dice, crossEntropy: losses[0].crossEntropy }
}
