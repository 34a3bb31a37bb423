import { tf } from '../tensor.ts'

/** A forward result and the rule that turns its gradient into one gradient an input. */
export interface ValueAndRule {
  readonly value: tf.Tensor
  /** Kept alive until the backward pass; handed to `gradient`. */
  readonly saved: readonly tf.Tensor[]
  readonly gradient: (dy: tf.Tensor, saved: readonly tf.Tensor[]) => tf.Tensor[]
}

/**
 * Runs an operation whose gradient we supply ourselves. A typed face of `tf.customGrad`.
 *
 * @param inputs what the gradient is taken with respect to, in this order
 */
export function withGradient<T extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  forward: (...inputs: tf.Tensor[]) => ValueAndRule,
): T {
  const operation = tf.customGrad((...args) => {
    const save = args[args.length - 1] as tf.GradSaveFunc
    const { value, saved, gradient } = forward(...(args.slice(0, -1) as tf.Tensor[]))
    save([...saved])
    return { value, gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => gradient(dy, kept) }
  })
  return operation(...inputs) as T
}
