import { tf } from '../../tensor.ts'
import { copyBlock } from './copyBlock.ts'
import { floatKernel, SHARED_MEMORY_BACKEND } from './floatKernel.ts'
import type { SharedMemoryBackend } from './sharedMemoryBackend.ts'
import { broadcastStrides, denseStrides } from './walk.ts'

const FLOAT = 4

/** Kernels that only move values: each is one or a few strided block copies. */
export function layoutKernels(): tf.KernelConfig[] {
  return [
    floatKernel('Transpose', ({ inputs, attributes, backend }) => {
      const x = inputs.x!
      const order = attributes.perm as number[]
      const strides = denseStrides(x.shape)
      return copyOut(
        backend,
        x,
        order.map((axis) => x.shape[axis]!),
        order.map((axis) => strides[axis]!),
      )
    }),
    floatKernel('Slice', ({ inputs, attributes, backend }) => {
      const x = inputs.x!
      const [begin, size] = tf.slice_util.parseSliceParams(
        x as tf.Tensor,
        attributes.begin as number[],
        attributes.size as number[],
      )
      if (size!.includes(0)) return null
      return copyOut(backend, x, size!, denseStrides(x.shape), offsetOf(x.shape, begin!))
    }),
    floatKernel('Reverse', ({ inputs, attributes, backend }) => {
      const x = inputs.x!
      const axes = tf.util.parseAxisParam(attributes.dims as number[], x.shape)
      const strides = denseStrides(x.shape)
      let offset = 0
      for (const axis of axes) {
        offset += strides[axis]! * (x.shape[axis]! - 1)
        strides[axis]! *= -1
      }
      return copyOut(backend, x, x.shape, strides, offset)
    }),
    floatKernel('Tile', ({ inputs, attributes, backend }) => {
      const x = inputs.x!
      const repeats = attributes.reps as number[]
      if (repeats.includes(0)) return null
      // Axis by axis as (repeat, size), the repeats with stride 0.
      const shape = x.shape.flatMap((size, axis) => [repeats[axis]!, size])
      const strides = denseStrides(x.shape).flatMap((stride) => [0, stride])
      const y = copyOut(backend, x, shape, strides)
      return y && { ...y, shape: x.shape.map((size, axis) => size * repeats[axis]!) }
    }),
    floatKernel('BroadcastTo', ({ inputs, attributes, backend }) => {
      const shape = attributes.shape as number[]
      return copyOut(backend, inputs.x!, shape, broadcastStrides(inputs.x!.shape, shape))
    }),
    floatKernel('Concat', ({ inputs, attributes, backend }) => {
      const parts = Object.values(inputs)
      const axis = tf.util.parseAxisParam(attributes.axis as number, parts[0]!.shape)[0]!
      const shape = tf.backend_util.computeOutShape(
        parts.map((part) => part.shape),
        axis,
      )
      return gather(backend, shape, (y) => {
        let offset = 0
        return parts.every((part) => {
          const done = copyInto(backend, part, y, offset)
          offset += part.shape[axis]! * denseStrides(shape)[axis]!
          return done
        })
      })
    }),
    floatKernel('PadV2', ({ inputs, attributes, backend }) => {
      const x = inputs.x!
      const paddings = attributes.paddings as [number, number][]
      const shape = x.shape.map((size, axis) => paddings[axis]![0] + size + paddings[axis]![1])
      return gather(backend, shape, (y) => {
        backend.floats(y).fill(attributes.constantValue as number)
        const begin = paddings.map(([before]) => before)
        return copyInto(backend, x, y, offsetOf(shape, begin))
      })
    }),
    floatKernel('SplitV', ({ inputs, attributes, backend }) => {
      const x = inputs.x!
      const axis = tf.util.parseAxisParam(attributes.axis as number, x.shape)[0]!
      const sizes = tf.backend_util.prepareSplitSize(
        x as tf.Tensor,
        attributes.numOrSizeSplits as number | number[],
        axis,
      )
      const strides = denseStrides(x.shape)
      const parts: tf.TensorInfo[] = []
      let begin = 0
      for (const size of sizes) {
        const shape = x.shape.map((length, i) => (i === axis ? size : length))
        const part = shape.includes(0)
          ? backend.makeFloats(shape)
          : copyOut(backend, x, shape, strides, begin * strides[axis]!)
        if (!part) {
          parts.forEach((made) => backend.disposeData(made.dataId))
          return null
        }
        parts.push(part)
        begin += size
      }
      return parts
    }),
    fillKernel(),
    castKernel(),
    likeKernel('ZerosLike', 0),
    likeKernel('OnesLike', 1),
  ]
}

/** A dense tensor read from x with the given strides. */
function copyOut(
  backend: SharedMemoryBackend,
  x: tf.TensorInfo,
  shape: readonly number[],
  strides: readonly number[],
  offset = 0,
): tf.TensorInfo | null {
  return gather(backend, shape, (y) =>
    copyBlock(
      backend,
      shape,
      backend.address(x) + offset * FLOAT,
      strides,
      backend.address(y),
      denseStrides(shape),
    ),
  )
}

/** Writes all of x into y, its first value `offset` values from y's. */
function copyInto(
  backend: SharedMemoryBackend,
  x: tf.TensorInfo,
  y: tf.TensorInfo,
  offset: number,
): boolean {
  return copyBlock(
    backend,
    x.shape,
    backend.address(x),
    denseStrides(x.shape),
    backend.address(y) + offset * FLOAT,
    denseStrides(y.shape),
  )
}

/** Makes a tensor and fills it; drops it again where that is not possible. */
function gather(
  backend: SharedMemoryBackend,
  shape: readonly number[],
  fill: (y: tf.TensorInfo) => boolean,
): tf.TensorInfo | null {
  const y = backend.makeFloats(shape)
  if (fill(y)) return y
  backend.disposeData(y.dataId)
  return null
}

function offsetOf(shape: readonly number[], begin: readonly number[]): number {
  const strides = denseStrides(shape)
  return begin.reduce((offset, index, axis) => offset + index * strides[axis]!, 0)
}

function likeKernel(name: string, value: number): tf.KernelConfig {
  return floatKernel(name, ({ inputs, backend }) => {
    const y = backend.makeFloats(inputs.x!.shape)
    backend.floats(y).fill(value)
    return y
  })
}

/** tfjs's kernel relabels booleans and integers as floats in place; ours must be floats in the shared memory. */
function castKernel(): tf.KernelConfig {
  const fallback = tf.getKernel('Cast', 'cpu')!.kernelFunc
  return {
    kernelName: 'Cast',
    backendName: SHARED_MEMORY_BACKEND,
    kernelFunc: (call) => {
      const x = call.inputs.x as tf.TensorInfo
      const widens = call.attrs!.dtype === 'float32' && (x.dtype === 'bool' || x.dtype === 'int32')
      if (!widens) return fallback(call)
      const backend = call.backend as SharedMemoryBackend
      const y = backend.makeFloats(x.shape)
      backend.floats(y).set(backend.data.get(x.dataId).values as Int32Array)
      return y
    },
  }
}

function fillKernel(): tf.KernelConfig {
  const fallback = tf.getKernel('Fill', 'cpu')!.kernelFunc
  return {
    kernelName: 'Fill',
    backendName: SHARED_MEMORY_BACKEND,
    kernelFunc: (call) => {
      const { shape, value, dtype } = call.attrs as {
        shape: number[]
        value: number | string
        dtype?: tf.DataType
      }
      if (typeof value !== 'number' || (dtype && dtype !== 'float32')) return fallback(call)
      const backend = call.backend as SharedMemoryBackend
      const y = backend.makeFloats(shape)
      backend.floats(y).fill(value)
      return y
    },
  }
}
