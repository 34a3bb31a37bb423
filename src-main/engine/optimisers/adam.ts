import { tf } from '../tensor.ts'
import type { UpdateRule } from './updateRule.ts'

/** The values of Kingma & Ba 2015. */
const BETA1 = 0.9
const BETA2 = 0.999
const EPSILON = 1e-8

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019):
 *
 *     m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²
 *     w ← w − η / (1 − β₁ᵗ) · m / (√(v / (1 − β₂ᵗ)) + ε) − η λ w
 */
export function adam(weightDecay: number): UpdateRule {
  const stepSize = (learningRate: number, count: number): number =>
    learningRate / (1 - BETA1 ** count)
  const secondCorrection = (count: number): number => 1 / (1 - BETA2 ** count)
  return {
    momentNames: ['m', 'v'],
    compose: ({ weights, gradient, moments: [m, v], decays, learningRate, count }) => {
      const nextM = tf.add(tf.mul(m, BETA1), tf.mul(gradient, 1 - BETA1)) as tf.Tensor1D
      const nextV = tf.add(tf.mul(v, BETA2), tf.mul(tf.square(gradient), 1 - BETA2)) as tf.Tensor1D
      const scale = tf.add(tf.sqrt(tf.mul(nextV, secondCorrection(count))), EPSILON)
      const step = tf.mul(tf.div(nextM, scale), stepSize(learningRate, count))
      const change = decays
        ? tf.add(step, tf.mul(tf.mul(weights, decays), learningRate * weightDecay))
        : step
      return { moments: [nextM, nextV], change }
    },
    fuse: (kernels, parameters, { moments, learningRate, count, clip }) =>
      kernels.adam(parameters, moments, clip, {
        beta1: BETA1,
        beta2: BETA2,
        secondCorrection: secondCorrection(count),
        epsilon: EPSILON,
        stepSize: stepSize(learningRate, count),
        decay: learningRate * weightDecay,
      }),
  }
}
