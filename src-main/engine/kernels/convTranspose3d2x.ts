import { tf } from '../tensor.ts'
import { withGradient } from './withGradient.ts'

const STRIDES: [number, number, number] = [2, 2, 2]

/**
 * Transposed 3D convolution with a 2×2×2 filter and stride 2, differentiable in both arguments: every input voxel
 * becomes a block of eight output voxels, `y[2i + t, o] = Σ_c x[i, c] · filter[t, c, o]`.
 *
 * TensorFlow.js has no gradient for its own `conv3dTranspose`; this one is the adjoint of a strided convolution, so
 * its gradients are the strided convolution itself and that convolution's filter gradient.
 *
 * @param x B×D×H×W×Cin
 * @param filter 2×2×2×Cin×Cout
 * @returns B×2D×2H×2W×Cout
 */
export function convTranspose3d2x(x: tf.Tensor5D, filter: tf.Tensor5D): tf.Tensor5D {
  const [batch, depth, height, width, inChannels] = x.shape
  const outChannels = filter.shape[4]
  const outShape: [number, number, number, number, number] = [
    batch,
    2 * depth,
    2 * height,
    2 * width,
    outChannels,
  ]
  return withGradient<tf.Tensor5D>([x, filter], (input, weights) => ({
    value: tf.tidy(() =>
      tf
        .engine()
        .runKernel(
          'Conv3DBackpropInputV2',
          { dy: input!, filter: swapChannels(weights!, inChannels, outChannels) },
          { strides: STRIDES, pad: 'valid', inputShape: outShape },
        ),
    ) as tf.Tensor,
    saved: [input!, weights!],
    gradient: (dy, saved) =>
      tf.tidy(() => [
        tf.conv3d(
          dy as tf.Tensor5D,
          swapChannels(saved[1]!, inChannels, outChannels),
          STRIDES,
          'valid',
        ),
        swapChannels(
          tf
            .engine()
            .runKernel(
              'Conv3DBackpropFilterV2',
              { x: dy, dy: saved[0]! },
              { strides: STRIDES, pad: 'valid', filterShape: [2, 2, 2, outChannels, inChannels] },
            ) as tf.Tensor,
          outChannels,
          inChannels,
        ),
      ]),
  }))
}

/** 2×2×2×A×B → 2×2×2×B×A, in rank 3: a rank-5 transpose is slow on every backend but the native one. */
function swapChannels(filter: tf.Tensor, a: number, b: number): tf.Tensor5D {
  return tf.tidy(() => filter.reshape([8, a, b]).transpose([0, 2, 1]).reshape([2, 2, 2, b, a]))
}
