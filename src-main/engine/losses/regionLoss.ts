import { tf } from '../tensor.ts'
import type { SegmentationLoss, SegmentationLossWeights } from './segmentationLoss.ts'

/** Which labels (background, necrosis, oedema, enhancing) belong to WT, TC and ET. */
const MEMBERSHIP = [
  [0, 0, 0],
  [1, 1, 0],
  [1, 0, 0],
  [1, 1, 1],
]

/** nnU-Net's value. */
const DICE_SMOOTHING = 1e-5

/**
 * Binary cross-entropy plus soft Dice of the regions WT, TC, ET, as nnU-Net trains region-based heads.
 *
 * The cross-entropy is the mean over voxels and regions, in the form softplus(x) − x·y that stays finite for any logit.
 * Dice is batch Dice, as in `segmentationLoss`, over all three regions; none of them is background.
 *
 * @param logits B×D×H×W×3
 * @param target N×4 one-hot labels, N = B·D·H·W in the same voxel order
 */
export function regionLoss(
  logits: tf.Tensor5D,
  target: tf.Tensor2D,
  weights: SegmentationLossWeights,
): SegmentationLoss {
  const [voxels] = target.shape
  const regions = MEMBERSHIP[0].length
  const flat = tf.reshape<tf.Rank.R2>(logits, [voxels, regions])
  const wanted = tf.matMul(target, tf.tensor2d(MEMBERSHIP))
  const crossEntropy = tf.mean(
    tf.sub(tf.softplus(flat), tf.mul(flat, wanted)),
  ) as unknown as tf.Scalar
  const probabilities = tf.sigmoid(flat)
  const intersection = tf.sum(tf.mul(probabilities, wanted), 0)
  const mass = tf.add(tf.sum(probabilities, 0), tf.sum(wanted, 0))
  const ratio = tf.div(
    tf.add(tf.mul(intersection, 2), DICE_SMOOTHING),
    tf.add(mass, DICE_SMOOTHING),
  )
  const dice = tf.sub(1, tf.div(tf.sum(ratio), regions)) as tf.Scalar
  const total = tf.add(
    tf.mul(dice, weights.dice),
    tf.mul(crossEntropy, weights.crossEntropy),
  ) as tf.Scalar
  return { total, dice, crossEntropy }
}
