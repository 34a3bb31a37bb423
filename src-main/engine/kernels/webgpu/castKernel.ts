import { tf } from '../../tensor.ts'
import { storageBuffers, uniformStruct, elementEntry } from './shaderParts.ts'
import type { WebgpuBackend } from './webgpuBackend.ts'
import { WEBGPU_BACKEND } from './webgpuKernel.ts'

const THREADS = 128

/**
 * tfjs's cast from whole numbers to floats changes the tensor's name only and leaves integers in its buffer, which its own
 * shaders then look out for. Ours, and its transpose, take a float tensor for what it says: here it becomes one.
 */
export function castKernel(): tf.KernelConfig {
  const cast = tf.getKernel('Cast', 'webgpu')!.kernelFunc
  return {
    kernelName: 'Cast',
    backendName: WEBGPU_BACKEND,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const x = inputs.x as tf.TensorInfo
      const { dtype } = attrs as unknown as { readonly dtype: tf.DataType }
      const isWhole = x.dtype === 'int32' || x.dtype === 'bool'
      if (dtype !== 'float32' || !isWhole || x.shape.includes(0)) {
        return cast({ inputs, attrs, backend })
      }
      return toFloats(backend as WebgpuBackend, x)
    },
  }
}

function toFloats(backend: WebgpuBackend, x: tf.TensorInfo): tf.TensorInfo {
  const { values } = backend.tensorMap.get(x.dataId)
  if (values) {
    return backend.makeTensorInfo(x.shape, 'float32', Float32Array.from(values as Int32Array))
  }
  const y = backend.makeFloats(x.shape)
  const size = tf.util.sizeFromShape(x.shape)
  backend.run({
    key: 'integers to floats',
    code: shader,
    inputs: [x],
    outputs: [y],
    uniforms: [{ i32: size }],
    workgroups: Math.ceil(size / THREADS),
    flops: size,
  })
  return y
}

function shader(): string {
  return /* wgsl */ `
${uniformStruct(2, ['size'])}
${storageBuffers([
  ['x', 'i32'],
  ['outY', 'f32'],
])}
${elementEntry(THREADS)}
  outY[at] = f32(x[at]);
}`
}
