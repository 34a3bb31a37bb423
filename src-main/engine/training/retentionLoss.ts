import { tf } from '../tensor.ts'

/**
 * Pull towards the model that is being fine-tuned, against forgetting: mean over the voxels of
 * KL(initial ‖ current), counted only where the initial model's most probable class is the label's. Where a
 * reader corrected the model, nothing holds it back.
 *
 * @param initial logits of the frozen initial model, B×D×H×W×C
 * @param current logits being trained, same shape
 * @param target one-hot N×C
 */
export function retentionLoss(
  initial: tf.Tensor5D,
  current: tf.Tensor5D,
  target: tf.Tensor2D,
): tf.Scalar {
  const [voxels, classes] = target.shape
  const initialLog = tf.logSoftmax(tf.reshape<tf.Rank.R2>(initial, [voxels, classes]))
  const currentLog = tf.logSoftmax(tf.reshape<tf.Rank.R2>(current, [voxels, classes]))
  const agrees = tf.cast(tf.equal(tf.argMax(initialLog, 1), tf.argMax(target, 1)), 'float32')
  const divergence = tf.sum(tf.mul(tf.exp(initialLog), tf.sub(initialLog, currentLog)), 1)
  return tf.div(tf.sum(tf.mul(divergence, agrees)), voxels) as tf.Scalar
}
