import { tf } from '../tensor.ts'

/**
 * Divergence of the student's softened class probabilities from the teacher's at every voxel,
 * KL(softmax(t / T) ‖ softmax(s / T)), Hinton et al. 2015 (arXiv 1503.02531). Computed from log-softmax
 * alone, so a class of probability 0 gives 0, not NaN.
 *
 * One operation with its own gradient, (softmax(s / T) − softmax(t / T)) / T, which holds a third of the memory
 * that the composed one does. Nothing flows back into the teacher.
 *
 * @param teacherLogits N×C, one row a voxel; a constant
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
  const operation = tf.customGrad((x, save) => {
    const logits = x as tf.Tensor2D
    const student = tf.logSoftmax(logits.div<tf.Tensor2D>(temperature))
    const probability = teacher.exp<tf.Tensor2D>()
    const value = tf.sum(probability.mul(teacher.sub(student)), 1)
    const slope = student.exp<tf.Tensor2D>().sub<tf.Tensor2D>(probability).div(temperature)
    ;(save as tf.GradSaveFunc)([slope])
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => saved[0].mul(dy.expandDims(1)),
    }
  })
  return operation(studentLogits) as tf.Tensor1D
}

/** The same divergence with gradients in both arguments, for targets that depend on the student. N×C → N. */
export function divergenceOfMovingTarget(
  targetLogits: tf.Tensor2D,
  logits: tf.Tensor2D,
  temperature: number,
): tf.Tensor1D {
  const target = tf.logSoftmax(targetLogits.div<tf.Tensor2D>(temperature))
  const other = tf.logSoftmax(logits.div<tf.Tensor2D>(temperature))
  return tf.sum(target.exp().mul(target.sub(other)), 1)
}

/** One row a voxel: B×D×H×W×C → (B·D·H·W)×C. */
export const voxelRows = (x: tf.Tensor5D): tf.Tensor2D => x.reshape([-1, x.shape[4]])
