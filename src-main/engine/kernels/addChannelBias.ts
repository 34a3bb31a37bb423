import { tf } from '../tensor.ts'

/**
 * Adds one value a channel. Differentiable; folded to rank 2 so that the bias gradient is a sum over rows, not a
 * rank-5 reduction.
 *
 * @param x B×D×H×W×C
 * @param bias C
 */
export function addChannelBias(x: tf.Tensor5D, bias: tf.Tensor1D): tf.Tensor5D {
  return tf.tidy(() => x.reshape([-1, x.shape[4]]).add(bias).reshape(x.shape))
}
