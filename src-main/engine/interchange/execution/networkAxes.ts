import type { NetworkAxes } from '../../../contract/index.ts'
import { tf } from '../../tensor.ts'

/** Ours are D = z, H = y, W = x, growing to superior, anterior and right. */
const SWAP_Z_AND_X = [0, 3, 2, 1, 4]
const [Y, X] = [2, 3]

/** Turns B×D×H×W×C of this program to the axes of a network. */
export function toNetworkAxes(x: tf.Tensor5D, { order, orientation }: NetworkAxes): tf.Tensor5D {
  const turned = orientation === 'LPS' ? tf.reverse(x, [Y, X]) : x
  return order === 'xyz' ? tf.transpose(turned, SWAP_Z_AND_X) : turned
}

/** The way back. */
export function fromNetworkAxes(y: tf.Tensor5D, { order, orientation }: NetworkAxes): tf.Tensor5D {
  const turned = order === 'xyz' ? tf.transpose(y, SWAP_Z_AND_X) : y
  return orientation === 'LPS' ? tf.reverse(turned, [Y, X]) : turned
}
