import { tf } from '../../tensor.ts'
import { convolveForward, convolveInputGradient } from './convolution.ts'
import type { ConvolutionGeometry } from './convolutionGeometry.ts'
import { convolveFilterGradient } from './filterGradient.ts'
import { floatKernel } from './floatKernel.ts'

type Shape5D = [number, number, number, number, number]
type Padding = 'same' | 'valid'

/** The three kernels behind tfjs's conv3d and its gradients. Dilated ones go to the JavaScript kernels. */
export function convolutionKernels(): tf.KernelConfig[] {
  return [
    floatKernel('Conv3D', ({ inputs, attributes, backend }) => {
      const { x, filter } = inputs
      const geometry = geometryOf(x!.shape, filter!.shape, attributes)
      if (!geometry) return null
      const y = backend.makeFloats([geometry.batch, ...geometry.outSize, geometry.outChannels])
      convolveForward(
        backend.module,
        geometry,
        backend.address(x!),
        backend.address(filter!),
        backend.address(y),
      )
      return y
    }),
    floatKernel('Conv3DBackpropInputV2', ({ inputs, attributes, backend }) => {
      const { dy, filter } = inputs
      const inputShape = attributes.inputShape as Shape5D
      const geometry = geometryOf(inputShape, filter!.shape, attributes)
      if (!geometry) return null
      const dx = backend.makeFloats(inputShape)
      convolveInputGradient(
        backend.module,
        geometry,
        backend.address(dy!),
        backend.address(filter!),
        backend.address(dx),
      )
      return dx
    }),
    floatKernel('Conv3DBackpropFilterV2', ({ inputs, attributes, backend }) => {
      const { x, dy } = inputs
      const filterShape = attributes.filterShape as Shape5D
      const geometry = geometryOf(x!.shape, filterShape, attributes)
      if (!geometry) return null
      const dFilter = backend.makeFloats(filterShape)
      convolveFilterGradient(
        backend.module,
        geometry,
        backend.address(x!),
        backend.address(dy!),
        backend.address(dFilter),
      )
      return dFilter
    }),
  ]
}

/** Geometry of a convolution from the arguments of tfjs's kernels; null for dilated ones and uneven strides. */
export function geometryOf(
  inShape: readonly number[],
  filterShape: readonly number[],
  attributes: Readonly<Record<string, unknown>>,
): ConvolutionGeometry | null {
  const info = tf.backend_util.computeConv3DInfo(
    inShape as Shape5D,
    filterShape as Shape5D,
    attributes.strides as number | [number, number, number],
    (attributes.dilations as number | [number, number, number] | undefined) ?? 1,
    attributes.pad as Padding,
  )
  const dilated = info.dilationDepth !== 1 || info.dilationHeight !== 1 || info.dilationWidth !== 1
  const uneven = info.strideDepth !== info.strideHeight || info.strideDepth !== info.strideWidth
  if (dilated || uneven) return null
  // tfjs gives a single tap with stride 2 a negative padding under SAME.
  return {
    batch: info.batchSize,
    inSize: [info.inDepth, info.inHeight, info.inWidth],
    inChannels: info.inChannels,
    outSize: [info.outDepth, info.outHeight, info.outWidth],
    outChannels: info.outChannels,
    taps: [info.filterDepth, info.filterHeight, info.filterWidth],
    stride: [info.strideDepth, info.strideHeight, info.strideWidth],
    pad: [
      Math.max(0, info.padInfo.front),
      Math.max(0, info.padInfo.top),
      Math.max(0, info.padInfo.left),
    ],
  }
}
