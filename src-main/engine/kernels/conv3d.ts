import { tf } from '../tensor.ts'

/**
 * 3D convolution with SAME padding, differentiable in both arguments.
 *
 * Padding follows TensorFlow: the output has ⌈size / stride⌉ voxels an axis and, where the padding is odd, the
 * extra voxel lies at the end.
 *
 * @param x B×D×H×W×Cin
 * @param filter kD×kH×kW×Cin×Cout
 * @returns B×⌈D/stride⌉×⌈H/stride⌉×⌈W/stride⌉×Cout
 */
export function conv3d(x: tf.Tensor5D, filter: tf.Tensor5D, stride: 1 | 2 = 1): tf.Tensor5D {
  const [depth, height, width] = filter.shape
  // tfjs computes a negative padding for a single tap with stride 2; such a filter needs none at all.
  const singleTap = depth === 1 && height === 1 && width === 1
  return tf.conv3d(x, filter, stride, singleTap ? 'valid' : 'same')
}
