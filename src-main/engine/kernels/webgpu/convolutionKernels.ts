import type { tf } from '../../tensor.ts'
import { geometryOf, parityClasses, type ConvolutionGeometry } from '../wasm/index.ts'
import {
  channelKey,
  CONVOLUTION_UNIFORMS,
  convolutionShader,
  convolutionTile,
  type ConvolutionShape,
} from './convolutionShader.ts'
import { convolveFilterGradient } from './filterGradient.ts'
import { type WebgpuBackend } from './webgpuBackend.ts'
import { webgpuKernel } from './webgpuKernel.ts'

type Shape5D = [number, number, number, number, number]
type Triple = readonly [number, number, number]
type UniformValues = Readonly<Record<(typeof CONVOLUTION_UNIFORMS)[number], number>>

/** The three kernels behind tfjs's conv3d and its gradients. Dilated ones go to tfjs's own. */
export function convolutionKernels(): tf.KernelConfig[] {
  return [
    webgpuKernel('Conv3D', ({ inputs, attributes, backend }) => {
      const { x, filter } = inputs
      const geometry = geometryOf(x!.shape, filter!.shape, attributes)
      if (!geometry) return null
      const y = backend.makeFloats([geometry.batch, ...geometry.outSize, geometry.outChannels])
      convolve(backend, forwardShape(geometry), [x!, filter!, y], forwardUniforms(geometry), {
        rows: geometry.batch * product(geometry.outSize),
      })
      return y
    }),
    webgpuKernel('Conv3DBackpropInputV2', ({ inputs, attributes, backend }) => {
      const { dy, filter } = inputs
      const inputShape = attributes.inputShape as Shape5D
      const geometry = geometryOf(inputShape, filter!.shape, attributes)
      if (!geometry) return null
      const dx = backend.makeFloats(inputShape)
      inputGradient(backend, geometry, [dy!, filter!, dx])
      return dx
    }),
    webgpuKernel('Conv3DBackpropFilterV2', ({ inputs, attributes, backend }) => {
      const { x, dy } = inputs
      const filterShape = attributes.filterShape as Shape5D
      const geometry = geometryOf(x!.shape, filterShape, attributes)
      if (!geometry) return null
      const dFilter = backend.makeFloats(filterShape)
      convolveFilterGradient(backend, geometry, [x!, dy!, dFilter])
      return dFilter
    }),
  ]
}

function inputGradient(
  backend: WebgpuBackend,
  geometry: ConvolutionGeometry,
  tensors: readonly [dy: tf.TensorInfo, filter: tf.TensorInfo, dx: tf.TensorInfo],
): void {
  const classes = parityClasses(geometry)
  const stride = geometry.stride[0]
  const written = classes.reduce((sum, { count }) => sum + product(count), 0)
  // Voxels that the forward pass never read belong to no class.
  if (written < product(geometry.inSize)) backend.clear(tensors[2])
  for (const parity of classes) {
    const shape: ConvolutionShape = {
      inChannels: geometry.outChannels,
      outChannels: geometry.inChannels,
      transposed: true,
    }
    const uniforms = {
      ...axes('in', geometry.outSize),
      ...axes('grid', parity.count),
      ...axes('out', geometry.inSize),
      inStride: 1,
      ...axes('pad', parity.pad),
      outStride: stride,
      ...tapCounts(parity.taps),
      ...axes('first', parity.first),
      ...axes('tap', parity.firstTap),
      tapStep: -stride,
      filterH: geometry.taps[1],
      filterW: geometry.taps[2],
    } as UniformValues
    convolve(backend, shape, tensors, uniforms, { rows: geometry.batch * product(parity.count) })
  }
}

function forwardShape(geometry: ConvolutionGeometry): ConvolutionShape {
  const { inChannels, outChannels } = geometry
  return { inChannels, outChannels, transposed: false }
}

function forwardUniforms(geometry: ConvolutionGeometry): UniformValues {
  return {
    ...axes('in', geometry.inSize),
    ...axes('grid', geometry.outSize),
    ...axes('out', geometry.outSize),
    inStride: geometry.stride[0],
    ...axes('pad', geometry.pad),
    outStride: 1,
    ...tapCounts(geometry.taps),
    ...axes('first', [0, 0, 0]),
    ...axes('tap', [0, 0, 0]),
    tapStep: 1,
    filterH: geometry.taps[1],
    filterW: geometry.taps[2],
  } as UniformValues
}

/** Runs the shader over all rows, in as many dispatches as the budget of a submission asks for. */
function convolve(
  backend: WebgpuBackend,
  shape: ConvolutionShape,
  [x, filter, y]: readonly [tf.TensorInfo, tf.TensorInfo, tf.TensorInfo],
  uniforms: UniformValues,
  { rows }: { readonly rows: number },
): void {
  const { inChannels, outChannels, transposed } = shape
  const tile = convolutionTile(outChannels)
  const flopsARow = 2 * uniforms.taps * inChannels * outChannels
  const rowsADispatch = rowsWithin(backend.flopsASubmission / flopsARow, tile.rows)
  const columnBlocks = Math.ceil(outChannels / (tile.columns * 4))
  const kind = transposed ? 'input gradient' : 'convolution'
  for (let rowStart = 0; rowStart < rows; rowStart += rowsADispatch) {
    const rowEnd = Math.min(rows, rowStart + rowsADispatch)
    const values = { ...uniforms, rowStart, rowEnd, inChannels, outChannels }
    backend.run({
      key: `${kind} ${channelKey(inChannels)}→${channelKey(outChannels)} by ${tile.columns}`,
      code: () => convolutionShader(shape),
      inputs: [x, filter],
      outputs: [y],
      uniforms: CONVOLUTION_UNIFORMS.map((name) => ({ i32: values[name] })),
      workgroups: Math.ceil((rowEnd - rowStart) / tile.rows) * columnBlocks,
      flops: (rowEnd - rowStart) * flopsARow,
    })
  }
}

/** The largest multiple of a block that is not above `rows`, at least one block. */
function rowsWithin(rows: number, block: number): number {
  return Math.max(1, Math.floor(rows / block)) * block
}

function tapCounts(taps: Triple): Record<string, number> {
  return { taps: product(taps), tapsH: taps[1], tapsW: taps[2] }
}

function axes(name: string, [d, h, w]: Triple): Record<string, number> {
  return { [`${name}D`]: d, [`${name}H`]: h, [`${name}W`]: w }
}

function product([d, h, w]: Triple): number {
  return d * h * w
}
