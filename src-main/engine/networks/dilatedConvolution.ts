import { conv3d } from '../kernels/index.ts'
import { tf } from '../tensor.ts'

/**
 * 3D convolution with SAME padding whose taps lie `dilation` voxels apart, differentiable in both arguments on every
 * backend: TensorFlow.js has no gradient of its own for it.
 *
 * Voxels whose index is alike modulo the dilation, axis by axis, never meet in such a convolution. They are dealt out to
 * dilation³ smaller volumes along the batch axis ("space to batch"), a plain convolution runs on those, and the result is
 * dealt back. Both are reshapes and transposes, whose gradients exist; borders are zeros on either side, so SAME padding
 * of the small volumes is SAME padding of the large one.
 *
 * @param x B×D×H×W×Cin, each axis a multiple of the dilation
 * @param filter k×k×k×Cin×Cout, k odd
 * @returns B×D×H×W×Cout
 */
export function dilatedConvolution(
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  dilation: number,
): tf.Tensor5D {
  if (dilation === 1) return conv3d(x, filter)
  const dealt = [1, 2, 3].reduce((volumes, axis) => dealOut(volumes, axis, dilation), x)
  const convolved = conv3d(dealt, filter)
  return [3, 2, 1].reduce((volumes, axis) => collect(volumes, axis, dilation), convolved)
}

/** Splits an axis by the index modulo `parts`; the parts become the slowest of the batch. */
function dealOut(x: tf.Tensor5D, axis: number, parts: number): tf.Tensor5D {
  const before = productOf(x.shape.slice(0, axis))
  const after = productOf(x.shape.slice(axis + 1))
  const length = x.shape[axis] / parts
  const split = tf.reshape<tf.Rank.R4>(x, [before, length, parts, after])
  const shape = [...x.shape] as [number, number, number, number, number]
  shape[0] *= parts
  shape[axis] = length
  return tf.reshape<tf.Rank.R5>(tf.transpose(split, [2, 0, 1, 3]), shape)
}

/** The inverse of `dealOut`. */
function collect(x: tf.Tensor5D, axis: number, parts: number): tf.Tensor5D {
  const before = productOf(x.shape.slice(0, axis)) / parts
  const after = productOf(x.shape.slice(axis + 1))
  const length = x.shape[axis]
  const split = tf.reshape<tf.Rank.R4>(x, [parts, before, length, after])
  const shape = [...x.shape] as [number, number, number, number, number]
  shape[0] /= parts
  shape[axis] = length * parts
  return tf.reshape<tf.Rank.R5>(tf.transpose(split, [1, 2, 0, 3]), shape)
}

const productOf = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1)
