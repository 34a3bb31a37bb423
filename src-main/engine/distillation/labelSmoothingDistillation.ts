import { tf } from '../tensor.ts'
import type { DistillationLoss, DistillationStrategy } from './distillationStrategy.ts'
import { statelessDistillation } from './statelessDistillation.ts'
import { voxelClasses } from './voxelClasses.ts'
import { voxelRows } from './voxelDivergence.ts'

/**
 * Label smoothing (Szegedy et al. 2016, arXiv 1512.00567, §7): the part of the knowledge that any teacher
 * gives, without one. The term is what turns a cross-entropy with one-hot targets y into one with
 * (1 − ε) y + ε / C: ε · mean over voxels of (log p_y − 1/C Σ_c log p_c). It can be negative; its sum with
 * the cross-entropy cannot. Batches without labels contribute 0.
 *
 * @param smoothing ε
 * @param weight the plan's weight of the cross-entropy
 */
export const labelSmoothingDistillation = (
  smoothing: number,
  weight: number,
): DistillationStrategy =>
  statelessDistillation(false, [], ({ student, labels }): DistillationLoss => {
    if (!labels) return { total: tf.scalar(0), terms: {} }
    const logits = student.logits[0]
    const logProbabilities = tf.logSoftmax(voxelRows(logits))
    const shift = voxelRows(voxelClasses(labels, logits)).sub(1 / logits.shape[4])
    const labelSmoothing = logProbabilities.mul(shift).sum(1).mean<tf.Scalar>().mul(smoothing)
    return {
      total: labelSmoothing.mul(weight) as tf.Scalar,
      terms: { labelSmoothing: labelSmoothing as tf.Scalar },
    }
  })
