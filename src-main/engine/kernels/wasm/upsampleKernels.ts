import type { tf } from '../../tensor.ts'
import { copyBlock } from './copyBlock.ts'
import { floatKernel } from './floatKernel.ts'
import { denseStrides } from './walk.ts'

/** Names of our own, beside tfjs's: kernels/upsampleNearest2x.ts runs them where they are registered. */
export const UPSAMPLE = 'GliadeskUpsampleNearest2x'
export const UPSAMPLE_GRADIENT = 'GliadeskUpsampleNearest2xGradient'

/** The eight voxels that one voxel becomes. */
const CORNERS = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => [i >> 2, (i >> 1) & 1, i & 1] as const)

export function upsampleKernels(): tf.KernelConfig[] {
  return [
    floatKernel(UPSAMPLE, ({ inputs, backend }) => {
      const x = inputs.x!
      const [batch, depth, height, width, channels] = x.shape as [
        number,
        number,
        number,
        number,
        number,
      ]
      const y = backend.makeFloats([batch, 2 * depth, 2 * height, 2 * width, channels])
      const fine = denseStrides(y.shape)
      for (const [d, h, w] of CORNERS) {
        const corner = d * fine[1]! + h * fine[2]! + w * fine[3]!
        copyBlock(
          backend,
          x.shape,
          backend.address(x),
          denseStrides(x.shape),
          backend.address(y) + corner * 4,
          everySecond(fine),
        )
      }
      return y
    }),
    floatKernel(UPSAMPLE_GRADIENT, ({ inputs, backend }) => {
      const dy = inputs.dy!
      const [batch, depth, height, width, channels] = dy.shape as [
        number,
        number,
        number,
        number,
        number,
      ]
      const dx = backend.makeFloats([batch, depth / 2, height / 2, width / 2, channels])
      const fine = denseStrides(dy.shape)
      CORNERS.forEach(([d, h, w], index) => {
        const corner = d * fine[1]! + h * fine[2]! + w * fine[3]!
        copyBlock(
          backend,
          dx.shape,
          backend.address(dy) + corner * 4,
          everySecond(fine),
          backend.address(dx),
          denseStrides(dx.shape),
          index === 0 ? 'copy' : 'add',
        )
      })
      return dx
    }),
  ]
}

/** Strides of every second voxel along depth, height and width. */
function everySecond(strides: readonly number[]): number[] {
  return strides.map((stride, axis) => (axis >= 1 && axis <= 3 ? 2 * stride : stride))
}
