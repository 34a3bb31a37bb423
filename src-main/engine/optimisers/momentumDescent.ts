import { tf } from '../tensor.ts'
import type { UpdateRule } from './updateRule.ts'

/**
 * Gradient descent with momentum, in Nesterov's form where asked for, and with weight decay as part of the gradient; as
 * PyTorch's SGD without dampening (Sutskever et al. 2013):
 *
 *     g ← g + λ w,  b ← μ b + g,  w ← w − η (g + μ b)   (Nesterov)   or   w ← w − η b
 */
export function momentumDescent(options: {
  readonly momentum: number
  readonly nesterov: boolean
  readonly weightDecay: number
}): UpdateRule {
  const { momentum, nesterov, weightDecay } = options
  return {
    momentNames: ['b'],
    compose: ({ weights, gradient, moments: [b], decays, learningRate }) => {
      const slope = decays
        ? (tf.add(gradient, tf.mul(tf.mul(weights, decays), weightDecay)) as tf.Tensor1D)
        : gradient
      const next = tf.add(tf.mul(b, momentum), slope) as tf.Tensor1D
      const direction = nesterov ? tf.add(slope, tf.mul(next, momentum)) : next
      return { moments: [next], change: tf.mul(direction, learningRate) }
    },
    fuse: (kernels, parameters, { moments, learningRate, clip }) =>
      kernels.momentum(parameters, moments, clip, {
        momentum,
        nesterov,
        learningRate,
        weightDecay,
      }),
  }
}
