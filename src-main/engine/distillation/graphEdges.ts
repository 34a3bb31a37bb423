import type { RandomStream } from '../../imaging/random/randomStream.ts'
import { tf } from '../tensor.ts'

/** Added to squared norms: the direction of a zero vector is 0, with a finite gradient. */
const SQUARED_NORM_FLOOR = 1e-6

/** Lowers a logit so far that its softmax is 0 in single precision. */
const EXCLUDED = 1e9

/** Scales every node's features to unit length. B×N×d → B×N×d. */
export const unitLength = (x: tf.Tensor3D): tf.Tensor3D =>
  x.mul(x.square().sum(2, true).add(SQUARED_NORM_FLOOR).rsqrt())

/**
 * Edges inside a network: α_ij = softmax over j ≠ i of cos(h_i, h_j) / τ, among the nodes that are present.
 * A node without any other has no edge (its row is 0).
 *
 * @param h unit vectors, B×N×d
 * @param presence B×N, 0 or 1
 * @returns B×N×N
 */
export function similarityEdges(
  h: tf.Tensor3D,
  presence: tf.Tensor2D,
  temperature: number,
): tf.Tensor3D {
  const allowed = otherNodes(presence)
  const cosine = tf.matMul(h, h, false, true)
  const logits = cosine.div(temperature).add(allowed.sub(1).mul(EXCLUDED))
  return tf.softmax(logits as tf.Tensor3D).mul(allowed)
}

/**
 * Edges between the networks: β_ij = softmax over j of cos(ĥ_i, hᵀ_j) / τ, as logarithms.
 *
 * @param student unit vectors, B×N×d
 * @param teacher unit vectors, B×N×d
 * @returns log β, B×N×N; teacher nodes that are absent get none of the mass
 */
export function crossEdges(
  student: tf.Tensor3D,
  teacher: tf.Tensor3D,
  presence: tf.Tensor2D,
  temperature: number,
): tf.Tensor3D {
  const cosine = tf.matMul(student, teacher, false, true)
  const absent = presence.sub(1).mul(EXCLUDED).expandDims(1)
  return tf.logSoftmax(cosine.div(temperature).add(absent) as tf.Tensor3D)
}

/** Edges of the released method: one weight from U(−1, 1) an ordered pair of nodes, 1×N×N. */
export function randomEdges(count: number, stream: RandomStream): tf.Tensor3D {
  const weights = new Float32Array(count * count)
  for (let i = 0; i < weights.length; i++) weights[i] = stream.between(-1, 1)
  return tf.tensor3d(weights, [1, count, count])
}

/** 1 for every pair of present, different nodes: B×N×N. */
function otherNodes(presence: tf.Tensor2D): tf.Tensor3D {
  const pairs = presence.expandDims<tf.Tensor3D>(2).mul<tf.Tensor3D>(presence.expandDims(1))
  return pairs.mul(tf.scalar(1).sub(tf.eye(presence.shape[1])))
}
