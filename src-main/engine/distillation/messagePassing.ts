import { tf } from '../tensor.ts'

/** One kind of message that reaches N nodes. */
export interface Incoming {
  /** Edge weights, B×N×M or 1×N×M (receiver, sender); null where node i hears node i alone. */
  readonly weights: tf.Tensor3D | null
  /** Features of the senders, B×M×F. */
  readonly from: tf.Tensor3D
}

export interface MessageRules {
  /** D, B×N×1: what the sum of messages is divided by; null leaves the sum as it is. */
  readonly degree: tf.Tensor3D | null
  /** U, F×F; null is the identity. */
  readonly transform: tf.Tensor2D | null
  readonly activation: 'tanh' | 'identity'
}

/**
 * One round of message passing: x_i + ρ(D_i⁻¹ Σ_k Σ_j w^k_ij y^k_j U).
 *
 * ρ is tanh where U is learned: U starts at 0, and a ReLU has gradient 0 there, so U would never move.
 *
 * @param nodes x, B×N×F
 * @returns B×N×F
 */
export function passMessages(
  nodes: tf.Tensor3D,
  incoming: readonly Incoming[],
  rules: MessageRules,
): tf.Tensor3D {
  const received: tf.Tensor3D[] = incoming.map(({ weights, from }) =>
    weights ? tf.matMul(weights, from) : from,
  )
  const sum = received.reduce((a, b) => a.add<tf.Tensor3D>(b))
  const message = rules.degree ? sum.div<tf.Tensor3D>(rules.degree) : sum
  const transformed = rules.transform ? linear(message, rules.transform) : message
  return nodes.add(rules.activation === 'tanh' ? transformed.tanh() : transformed)
}

/** x W for every node: B×N×F times F×G. */
export function linear(x: tf.Tensor3D, weights: tf.Tensor2D): tf.Tensor3D {
  const [batch, count, features] = x.shape
  const product = tf.matMul(x.reshape<tf.Tensor2D>([batch * count, features]), weights)
  return product.reshape([batch, count, weights.shape[1]])
}
