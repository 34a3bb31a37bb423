import { softmaxCrossEntropyDice } from '../kernels/index.ts'
import { tf } from '../tensor.ts'

/** Weights of the two terms; both count in full in nnU-Net. */
export interface SegmentationLossWeights {
  readonly dice: number
  readonly crossEntropy: number
}

export interface SegmentationLoss {
  /** Scalar: weighted sum of the terms. */
  readonly total: tf.Scalar
  /** Scalars, unweighted; for the log, no gradient need flow through them. */
  readonly dice: tf.Scalar
  readonly crossEntropy: tf.Scalar
}

/** Keeps the Dice ratio defined where a class is neither present nor predicted; nnU-Net's value. */
const DICE_SMOOTHING = 1e-5

/**
 * Cross-entropy plus soft Dice of one output.
 *
 * Cross-entropy is the mean over all voxels of the batch. Dice is taken over the whole batch at once
 * (nnU-Net's batch Dice): for foreground class c, (2 Σ p·y + ε) / (Σ p + Σ y + ε) with sums over every
 * voxel of every sample; the term is 1 − its mean over the foreground classes. A class absent from the
 * batch pushes its own predictions to nothing.
 *
 * @param logits B×D×H×W×C
 * @param target N×C one-hot, N = B·D·H·W in the same voxel order
 */
export function segmentationLoss(
  logits: tf.Tensor5D,
  target: tf.Tensor2D,
  weights: SegmentationLossWeights,
): SegmentationLoss {
  const [voxels, classes] = target.shape
  const flat = tf.reshape<tf.Rank.R2>(logits, [voxels, classes])
  const fused = softmaxCrossEntropyDice(flat, target, { ...weights, smoothing: DICE_SMOOTHING })
  if (fused) return fused
  const logProbabilities = tf.logSoftmax(flat)
  const crossEntropy = tf.neg(tf.div(tf.sum(tf.mul(target, logProbabilities)), voxels)) as tf.Scalar
  const dice = diceLoss(tf.exp(logProbabilities), target)
  const total = tf.add(
    tf.mul(dice, weights.dice),
    tf.mul(crossEntropy, weights.crossEntropy),
  ) as tf.Scalar
  return { total, dice, crossEntropy }
}

function diceLoss(probabilities: tf.Tensor2D, target: tf.Tensor2D): tf.Scalar {
  const classes = target.shape[1]
  const intersection = tf.sum(tf.mul(probabilities, target), 0)
  const mass = tf.add(tf.sum(probabilities, 0), tf.sum(target, 0))
  const ratio = tf.div(
    tf.add(tf.mul(intersection, 2), DICE_SMOOTHING),
    tf.add(mass, DICE_SMOOTHING),
  )
  // A mask instead of a slice keeps the gradient an elementwise product on every backend.
  const foreground = tf.tensor1d(Array.from({ length: classes }, (_, c) => (c === 0 ? 0 : 1)))
  return tf.sub(1, tf.div(tf.sum(tf.mul(ratio, foreground)), classes - 1)) as tf.Scalar
}
