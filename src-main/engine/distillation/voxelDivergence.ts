import { tf } from '../tensor.ts'

/**
 * Divergence of the student's softened class probabilities from the teacher's at every voxel,
 * KL(softmax(t / T) ‖ softmax(s / T)), Hinton et al. 2015 (arXiv 1503.02531). Computed from log-softmax
 * alone, so a class of probability 0 gives 0, not NaN.
 *
 * @param teacherLogits N×C, one row a voxel
 * @param studentLogits N×C
 * @param temperature T > 0
 * @returns N, ≥ 0
 */
export function voxelDivergence(
  teacherLogits: tf.Tensor2D,
  studentLogits: tf.Tensor2D,
  temperature: number,
): tf.Tensor1D {
  const teacher = tf.logSoftmax(teacherLogits.div<tf.Tensor2D>(temperature))
  const student = tf.logSoftmax(studentLogits.div<tf.Tensor2D>(temperature))
  return tf.sum(teacher.exp().mul(teacher.sub(student)), 1)
}

/** One row a voxel: B×D×H×W×C → (B·D·H·W)×C. */
export const voxelRows = (x: tf.Tensor5D): tf.Tensor2D => x.reshape([-1, x.shape[4]])
