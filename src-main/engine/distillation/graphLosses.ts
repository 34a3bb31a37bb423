import { tf } from '../tensor.ts'
import { crossEdges } from './graphEdges.ts'

/**
 * Weights of the nodes in the node loss, summing to 1 a sample: half of the mass on the nodes that touch the
 * dilated tumour, half on the others, all of it on one group where the other is empty. Absent nodes get 0.
 *
 * @param touches B×N, 0 or 1
 * @param presence B×N, 0 or 1
 * @returns B×N
 */
export function nodeWeights(touches: tf.Tensor2D, presence: tf.Tensor2D): tf.Tensor2D {
  const near = touches.mul<tf.Tensor2D>(presence)
  const far = presence.sub<tf.Tensor2D>(near)
  const nearCount = near.sum(1, true)
  const farCount = far.sum(1, true)
  const hasNear = nearCount.greater(0).toFloat()
  const hasFar = farCount.greater(0).toFloat()
  const nearShare = hasNear.mul(tf.sub(1, hasFar.mul(0.5))).div(nearCount.maximum(1))
  const farShare = hasFar.mul(tf.sub(1, hasNear.mul(0.5))).div(farCount.maximum(1))
  return near.mul(nearShare).add(far.mul(farShare))
}

/**
 * Node loss: weighted mean over nodes, mean over samples, of 1 − cos(ĥ_i, hᵀ_i). 0 … 2.
 *
 * @param student unit vectors ĥ, B×N×d
 * @param teacher unit vectors hᵀ, B×N×d, constant
 * @param weights B×N, rows sum to 1
 */
export function nodeLoss(
  student: tf.Tensor3D,
  teacher: tf.Tensor3D,
  weights: tf.Tensor2D,
): tf.Scalar {
  const cosine = student.mul(teacher).sum(2)
  return tf.sub(1, cosine).mul(weights).sum().div(weights.shape[0])
}

/**
 * Relation loss: mean over pairs of present nodes, mean over samples, of the squared difference of the two
 * networks' centred cosine matrices, H X Xᵀ H with H = I − 11ᵀ/N. It asks for the teacher's geometry, not its
 * coordinates. Centring removes what all nodes share, which would otherwise dominate. 0 with one node.
 *
 * @param student unit vectors, B×N×d
 * @param teacher unit vectors, B×N×d, constant
 * @param presence B×N
 * @param trust B×N, what the teacher's word on a node weighs, 0 … 1: a pair counts by the product; null: 1
 */
export function relationLoss(
  student: tf.Tensor3D,
  teacher: tf.Tensor3D,
  presence: tf.Tensor2D,
  trust: tf.Tensor2D | null = null,
): tf.Scalar {
  const difference = centredGram(student, presence).sub(centredGram(teacher, presence))
  const pairs = presence.sum(1).square().maximum(1)
  const squares = difference.square()
  const trusted = trust ? squares.mul(trust.expandDims(2)).mul(trust.expandDims(1)) : squares
  return trusted.sum([1, 2]).div(pairs).mean()
}

/**
 * Cross loss: −log β_ii of the edges between the networks (InfoNCE, van den Oord et al. 2018, arXiv
 * 1807.03748), mean over present nodes, mean over samples. 0 with one node.
 *
 * @param trust B×N, what the teacher's word on a node weighs, 0 … 1; null: 1
 */
export function crossLoss(
  student: tf.Tensor3D,
  teacher: tf.Tensor3D,
  presence: tf.Tensor2D,
  temperature: number,
  trust: tf.Tensor2D | null = null,
): tf.Scalar {
  const logEdges = crossEdges(student, teacher, presence, temperature)
  const own = logEdges.mul(tf.eye(presence.shape[1])).sum<tf.Tensor2D>(2)
  const counted = trust ? presence.mul<tf.Tensor2D>(trust) : presence
  const mean = own.mul(counted).sum(1).div(presence.sum(1).maximum(1))
  return mean.mean<tf.Scalar>().neg()
}

function centredGram(x: tf.Tensor3D, presence: tf.Tensor2D): tf.Tensor3D {
  const mask = presence.expandDims<tf.Tensor3D>(2)
  const mean = x.mul(mask).sum(1, true).div(mask.sum(1, true).maximum(1))
  const centred = x.sub(mean).mul<tf.Tensor3D>(mask)
  return tf.matMul(centred, centred, false, true)
}
