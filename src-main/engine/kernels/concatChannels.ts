import { tf } from '../tensor.ts'

/**
 * Joins two feature maps along the channel axis, as a U-Net's skip connection does. Differentiable; folded to rank 2,
 * because concatenating and slicing rank 5 is slow in WebAssembly.
 *
 * @param a B×D×H×W×Ca
 * @param b B×D×H×W×Cb
 * @returns B×D×H×W×(Ca + Cb), a's channels first
 */
export function concatChannels(a: tf.Tensor5D, b: tf.Tensor5D): tf.Tensor5D {
  const [batch, depth, height, width, channelsA] = a.shape
  const channelsB = b.shape[4]
  return tf.tidy(() =>
    tf
      .concat2d([a.reshape([-1, channelsA]), b.reshape([-1, channelsB])], 1)
      .reshape([batch, depth, height, width, channelsA + channelsB]),
  )
}
