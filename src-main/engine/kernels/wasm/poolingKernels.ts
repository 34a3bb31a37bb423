import { tf } from '../../tensor.ts'
import { copyBlock } from './copyBlock.ts'
import { floatKernel } from './floatKernel.ts'
import { reduceMiddle } from './reductionKernels.ts'
import type { SharedMemoryBackend } from './sharedMemoryBackend.ts'
import { denseStrides } from './walk.ts'

type Shape5D = [number, number, number, number, number]
type Triple = [number, number, number]

/** Average pooling over windows that tile the volume; any other pooling goes to the JavaScript kernels. */
export function poolingKernels(): tf.KernelConfig[] {
  return [
    floatKernel('AvgPool3D', ({ inputs, attributes, backend }) => {
      const x = inputs.x!
      const window = tilingWindow(x.shape as Shape5D, attributes)
      if (!window) return null
      const [batch, depth, height, width, channels] = x.shape as Shape5D
      const [d, h, w] = window
      const y = backend.makeFloats([batch, depth / d, height / h, width / w, channels])
      averageAxes(backend, backend.address(x), backend.address(y), [
        { outer: (batch * depth * height * width) / w, length: w, inner: channels },
        { outer: (batch * depth * height) / h, length: h, inner: (width / w) * channels },
        { outer: (batch * depth) / d, length: d, inner: (height / h) * (width / w) * channels },
      ])
      return y
    }),
    floatKernel('AvgPool3DGrad', ({ inputs, attributes, backend }) => {
      const shape = inputs.input!.shape as Shape5D
      const window = tilingWindow(shape, attributes)
      if (!window) return null
      return spread(backend, inputs.dy!, shape, window)
    }),
  ]
}

interface Reduction {
  readonly outer: number
  readonly length: number
  readonly inner: number
}

/** One axis after the other: each pass reads what the one before wrote. */
function averageAxes(
  backend: SharedMemoryBackend,
  x: number,
  y: number,
  reductions: readonly Reduction[],
): void {
  const { heap } = backend.module
  let from = x
  reductions.forEach((reduction, index) => {
    const last = index === reductions.length - 1
    const to = last ? y : heap.allocate(reduction.outer * reduction.inner * 4)
    reduceMiddle(backend, from, to, reduction, 0, reduction.length)
    if (from !== x) heap.release(from)
    from = to
  })
}

/** Copies every pooled value, divided by the window's size, to the voxels of its window. */
function spread(
  backend: SharedMemoryBackend,
  dy: tf.TensorInfo,
  shape: Shape5D,
  [d, h, w]: Triple,
): tf.TensorInfo {
  const { heap } = backend.module
  const [batch, depth, height, width, channels] = shape
  const share = 1 / (d * h * w)
  const dx = backend.makeFloats(shape)
  const alongDepth = heap.allocate(((batch * depth * height * width * channels) / (h * w)) * 4)
  const alongHeight = heap.allocate(((batch * depth * height * width * channels) / w) * 4)
  repeat(
    backend,
    backend.address(dy),
    alongDepth,
    (batch * depth) / d,
    d,
    (height / h) * (width / w) * channels,
  )
  repeat(backend, alongDepth, alongHeight, (batch * depth * height) / h, h, (width / w) * channels)
  repeat(
    backend,
    alongHeight,
    backend.address(dx),
    (batch * depth * height * width) / w,
    w,
    channels,
  )
  heap.release(alongDepth)
  heap.release(alongHeight)
  const values = backend.floats(dx)
  for (let i = 0; i < values.length; i++) values[i]! *= share
  return dx
}

function repeat(
  backend: SharedMemoryBackend,
  source: number,
  target: number,
  outer: number,
  times: number,
  inner: number,
): void {
  const shape = [outer, times, inner]
  copyBlock(backend, shape, source, [inner, 0, 1], target, denseStrides(shape))
}

function tilingWindow(
  shape: Shape5D,
  attributes: Readonly<Record<string, unknown>>,
): Triple | null {
  const info = tf.backend_util.computePool3DInfo(
    shape,
    attributes.filterSize as number | Triple,
    attributes.strides as number | Triple,
    1,
    attributes.pad as 'same' | 'valid' | number,
    attributes.dimRoundingMode as 'floor' | 'round' | 'ceil' | undefined,
  )
  const window: Triple = [info.filterDepth, info.filterHeight, info.filterWidth]
  const strides: Triple = [info.strideDepth, info.strideHeight, info.strideWidth]
  const tiles = window.every(
    (size, axis) => size === strides[axis] && shape[axis + 1]! % size === 0,
  )
  return tiles ? window : null
}
