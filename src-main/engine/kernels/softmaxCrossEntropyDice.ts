import { tf } from '../tensor.ts'
import { hasKernel } from './hasKernel.ts'
import { SEGMENTATION_LOSS } from './wasm/index.ts'
import { withGradient } from './withGradient.ts'

export interface CrossEntropyDice {
  /** Scalar, differentiable: `dice` and `crossEntropy` by their weights. */
  readonly total: tf.Scalar
  /** Scalars, for the log: no gradient flows through them. */
  readonly dice: tf.Scalar
  readonly crossEntropy: tf.Scalar
}

/**
 * Softmax, cross-entropy and soft Dice in one operation, where the backend has a kernel for it; its gradient falls out of
 * the same two passes over the voxels.
 *
 * With p = softmax(x), N voxels and C classes (0 is background):
 *
 *     crossEntropy = −Σ y log p / N,   dice = 1 − Σ_{c>0} (2 Σ p_c y_c + ε) / (Σ p_c + Σ y_c + ε) / (C − 1)
 *
 * @param logits N×C
 * @param target N×C, one-hot or soft; no gradient with respect to it
 * @param weights of the two terms; `smoothing` is ε
 * @returns null where the current backend has no such kernel: compose it then
 */
export function softmaxCrossEntropyDice(
  logits: tf.Tensor2D,
  target: tf.Tensor2D,
  weights: { readonly dice: number; readonly crossEntropy: number; readonly smoothing: number },
): CrossEntropyDice | null {
  if (!hasKernel(SEGMENTATION_LOSS)) return null
  const [total, dice, crossEntropy, gradient] = tf
    .engine()
    .runKernel(SEGMENTATION_LOSS, { logits, target }, { ...weights }) as [
    tf.Scalar,
    tf.Scalar,
    tf.Scalar,
    tf.Tensor2D,
  ]
  return {
    // The clone is what carries the gradient; the kernel's own outputs stay outside of the differentiated graph.
    total: withGradient<tf.Scalar>([logits], () => ({
      value: total.clone(),
      saved: [gradient],
      gradient: (dy, saved) => [tf.mul(saved[0]!, dy)],
    })),
    dice,
    crossEntropy,
  }
}
