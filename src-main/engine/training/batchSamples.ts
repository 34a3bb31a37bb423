import type { tf } from '../tensor.ts'

/**
 * The first samples of a batch; the tensor itself where that is all of them. Cut as a matrix of one row a sample, since
 * slicing (and, on the way back, padding) in five dimensions is slow or missing on some backends.
 *
 * @param x B×D×H×W×C
 * @param count 1 … B
 */
export function firstSamples(x: tf.Tensor5D, count: number): tf.Tensor5D {
  return samples(x, 0, count)
}

/** The last samples of a batch, as `firstSamples`. */
export function lastSamples(x: tf.Tensor5D, count: number): tf.Tensor5D {
  return samples(x, x.shape[0] - count, count)
}

function samples(x: tf.Tensor5D, first: number, count: number): tf.Tensor5D {
  const [batch, depth, height, width, channels] = x.shape
  if (count === batch) return x
  const length = depth * height * width * channels
  const rows = x.reshape<tf.Tensor2D>([batch, length])
  return rows.slice([first, 0], [count, length]).reshape([count, depth, height, width, channels])
}
