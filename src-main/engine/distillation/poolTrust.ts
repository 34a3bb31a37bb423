import type { DistillationPool } from '../../contract/index.ts'
import { tf } from '../tensor.ts'

/** Keeps the patch's certainty defined where the teacher sees no tumour at all. */
const FOREGROUND_FLOOR = 0.01

/**
 * What the teacher's word on unlabelled patches weighs, 0 (it knows nothing) to 1 (it is sure): the certainty
 * c = 1 − H(p) / ln C of its class probabilities at T = 1, at every voxel, or one figure a patch,
 * Σ (f + 0.01) c / Σ (f + 0.01) with f = 1 − p_background: where it sees tumour is where it must be sure, since of air
 * every teacher is.
 *
 * @param teacherLogits B×D×H×W×C
 * @returns B×D×H×W; a constant as far as the teacher is one
 */
export function poolTrust(
  teacherLogits: tf.Tensor5D,
  confidence: DistillationPool['confidence'],
): tf.Tensor4D {
  const [batch, depth, height, width, classes] = teacherLogits.shape
  const shape: [number, number, number, number] = [batch, depth, height, width]
  if (confidence === 'none') return tf.ones(shape)
  const voxels = depth * height * width
  const log = tf.logSoftmax(teacherLogits.reshape<tf.Tensor2D>([batch * voxels, classes]))
  const probability = tf.exp(log)
  const negentropy = probability.mul(log).sum(1).div(Math.log(classes))
  const certainty = tf.clipByValue(negentropy.add(1), 0, 1).reshape<tf.Tensor2D>([batch, voxels])
  if (confidence === 'voxel') return certainty.reshape(shape)
  const background = probability.slice([0, 0], [batch * voxels, 1]).reshape([batch, voxels])
  const weight = tf.sub(1 + FOREGROUND_FLOOR, background)
  const patch = certainty.mul(weight).sum(1).div(weight.sum(1))
  return tf.mul(patch.reshape([batch, 1, 1, 1]), tf.ones(shape)) as tf.Tensor4D
}
