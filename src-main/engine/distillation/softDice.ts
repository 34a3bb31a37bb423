import { tf } from '../tensor.ts'
import type { DistillationInput } from './distillationStrategy.ts'
import { stopGradient } from './stopGradient.ts'
import { voxelRows } from './voxelDivergence.ts'

/** Keeps the ratio finite where neither network sees a class. */
const EPSILON = 1e-5

/**
 * Overlap of the student's class probabilities with the teacher's, as a loss: 1 − mean over the foreground classes c of
 *
 *     Dice_c = (2 Σ w s_c t_c + ε) / (Σ w s_c² + Σ w t_c² + ε),   ε = 1e-5
 *
 * s and t the probabilities of student and teacher at T = 1, sums over all voxels of the batch, w the trust in the
 * teacher (1 where nothing is said). The form with squares (Milletari et al. 2016, arXiv 1606.04797) is 0 exactly where
 * the student says what the teacher says, soft answers included.
 *
 * A divergence alone draws a student that cannot tell two classes apart towards the more frequent one everywhere, and
 * a rare class such as ET is never the most probable; overlap rewards naming it where it is likeliest.
 */
export function softDiceLoss({ student, teacher, trust }: DistillationInput): tf.Scalar {
  const t = stopGradient(tf.softmax(voxelRows(teacher!.logits[0])))
  const s = tf.softmax(voxelRows(student.logits[0]))
  const [voxels, classes] = s.shape
  const weights = trust ? trust.reshape([voxels, 1]) : tf.ones([voxels, 1])
  const total = (x: tf.Tensor2D): tf.Tensor1D =>
    x
      .mul(weights)
      .sum(0)
      .slice(1, classes - 1) as tf.Tensor1D
  const both = total(s.mul(t)).mul(2).add(EPSILON)
  const either = total(s.square()).add(total(t.square())).add(EPSILON)
  return tf.sub(1, both.div(either).mean()).asScalar()
}
