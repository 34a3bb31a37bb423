import { tf } from '../tensor.ts'
import { hasKernel } from './hasKernel.ts'
import { UPSAMPLE, UPSAMPLE_GRADIENT } from './wasm/index.ts'
import { withGradient } from './withGradient.ts'

/**
 * Nearest-neighbour up-sampling by two along depth, height and width, differentiable: the gradient of a voxel is
 * the sum over the eight voxels it was copied to.
 *
 * @param x B×D×H×W×C
 * @returns B×2D×2H×2W×C
 */
export function upsampleNearest2x(x: tf.Tensor5D): tf.Tensor5D {
  if (hasKernel(UPSAMPLE)) {
    return withGradient<tf.Tensor5D>([x], (input) => ({
      value: tf.engine().runKernel(UPSAMPLE, { x: input! }) as tf.Tensor,
      saved: [],
      gradient: (dy) => [tf.engine().runKernel(UPSAMPLE_GRADIENT, { dy }) as tf.Tensor],
    }))
  }
  const [batch, depth, height, width, channels] = x.shape
  return withGradient<tf.Tensor5D>([x], (input) => ({
    value: tf.tidy(() => {
      const alongWidth = repeatTwice(input!, batch * depth * height * width, channels)
      const alongHeight = repeatTwice(alongWidth, batch * depth * height, 2 * width * channels)
      return repeatTwice(alongHeight, batch * depth, 4 * height * width * channels).reshape([
        batch,
        2 * depth,
        2 * height,
        2 * width,
        channels,
      ])
    }),
    saved: [],
    gradient: (dy) =>
      tf.tidy(() => {
        const alongDepth = sumPairs(dy, batch * depth, 4 * height * width * channels)
        const alongHeight = sumPairs(alongDepth, batch * depth * height, 2 * width * channels)
        return [sumPairs(alongHeight, batch * depth * height * width, channels).reshape(x.shape)]
      }),
  }))
}

/** rows×inner → rows×2×inner. Rank 3 throughout: higher ranks take slow paths. */
function repeatTwice(x: tf.Tensor, rows: number, inner: number): tf.Tensor3D {
  const folded = x.reshape([rows, 1, inner]) as tf.Tensor3D
  return tf.concat([folded, folded], 1)
}

function sumPairs(x: tf.Tensor, rows: number, inner: number): tf.Tensor {
  return x.reshape([rows, 2, inner]).sum(1)
}
