import type { VoxelWeighting } from '../../contract/index.ts'
import { tf } from '../tensor.ts'
import { stopGradient } from './stopGradient.ts'

/**
 * Share of a sample's voxels below which tumour gets less than half of the mass: in proportion, so that a handful of
 * voxels, or the teacher's last doubts in a patch without tumour, are not blown up.
 */
const SMALLEST_FOREGROUND_SHARE = 0.005

/** Where the voxels of a batch stand. */
export interface VoxelWeightContext {
  /** B×D×H×W×C, finest output of the teacher; a constant. */
  readonly teacherLogits: tf.Tensor5D
  /** One-hot classes of the label (or what stands in for it), B×D×H×W×C. */
  readonly classes: tf.Tensor5D
  /** What the teacher's word weighs at every voxel, 0 … 1, B×D×H×W; null: 1 everywhere. */
  readonly trust: tf.Tensor4D | null
}

/**
 * What every voxel counts for in a sum of divergences, so that the sum is a mean. With V voxels a sample, p the
 * teacher's probabilities at T = 1, y the class, f = max(1[y > 0], 1 − p_background):
 *
 *     uniform                 1 / (B V)
 *     true-class              p_y / (B V)
 *     foreground              (φ f / Σf + (1 − φ)(1 − f) / Σ(1 − f)) / B,   φ = ½ min(1, Σf / (0.005 V))
 *     foreground-true-class   p_y times that
 *
 * Sums run over one sample. Where a sample is all tumour, f = 1, its other half has no voxel and counts for nothing.
 * Every weight is multiplied by the trust, without scaling up again: an uncertain teacher says less.
 *
 * @returns B·D·H·W weights in voxel order, ≥ 0, summing to 1 at most; a constant
 */
export function voxelWeights(weighting: VoxelWeighting, context: VoxelWeightContext): tf.Tensor1D {
  const [batch, d, h, w, channels] = context.teacherLogits.shape
  const voxels = d * h * w
  const rows = (x: tf.Tensor): tf.Tensor2D => x.reshape([batch * voxels, channels])
  const probability = tf.softmax(stopGradient(rows(context.teacherLogits)))
  const factors: tf.Tensor2D[] = []
  if (weighting === 'foreground' || weighting === 'foreground-true-class') {
    const background = backgroundOf(probability, rows(context.classes)).reshape<tf.Tensor2D>([
      batch,
      voxels,
    ])
    factors.push(balanced(tf.sub(1, background)))
  } else {
    factors.push(tf.fill([batch, voxels], 1 / voxels))
  }
  if (weighting === 'true-class' || weighting === 'foreground-true-class') {
    factors.push(probability.mul(rows(context.classes)).sum(1).reshape([batch, voxels]))
  }
  if (context.trust) factors.push(context.trust.reshape([batch, voxels]))
  const product = factors.reduce((a, b) => a.mul<tf.Tensor2D>(b))
  return product.div<tf.Tensor2D>(batch).reshape([batch * voxels])
}

/** Smaller of the teacher's probability of background and the label's: 1 − f. N×C, N×C → N×1. */
function backgroundOf(probability: tf.Tensor2D, classes: tf.Tensor2D): tf.Tensor2D {
  const first = (x: tf.Tensor2D): tf.Tensor2D => x.slice([0, 0], [x.shape[0], 1])
  return tf.minimum(first(probability), first(classes))
}

/** @param foreground f, B×V @returns B×V, rows sum to 1 where both groups have voxels */
function balanced(foreground: tf.Tensor2D): tf.Tensor2D {
  const voxels = foreground.shape[1]
  const rest = tf.sub<tf.Tensor2D>(1, foreground)
  const tumour = foreground.sum(1, true)
  const share = tf.minimum(1, tumour.div(SMALLEST_FOREGROUND_SHARE * voxels)).mul(0.5)
  const tiny = 1e-6 * voxels
  return foreground
    .mul(share.div(tumour.maximum(tiny)))
    .add(rest.mul(tf.sub(1, share).div(rest.sum(1, true).maximum(tiny))))
}
