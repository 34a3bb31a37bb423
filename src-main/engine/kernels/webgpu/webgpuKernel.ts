import { tf } from '../../tensor.ts'
import type { WebgpuBackend } from './webgpuBackend.ts'

/** Name under which tfjs knows the backend; tfjs's own WebGPU kernels are registered for "webgpu". */
export const WEBGPU_BACKEND = 'gliadesk-webgpu'

export interface KernelCall {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>
  readonly attributes: Readonly<Record<string, unknown>>
  readonly backend: WebgpuBackend
}

/** Computes a kernel's output, or returns null for a case that tfjs's own kernel shall take. */
export type KernelBody = (call: KernelCall) => tf.TensorInfo | tf.TensorInfo[] | null

/** A kernel of ours for non-empty float32 tensors; everything else goes to tfjs's kernel of the same name. */
export function webgpuKernel(kernelName: string, body: KernelBody): tf.KernelConfig {
  const fallback = tf.getKernel(kernelName, 'webgpu')?.kernelFunc
  return {
    kernelName,
    backendName: WEBGPU_BACKEND,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const tensors = Object.values(inputs) as tf.TensorInfo[]
      if (tensors.every(isFloat)) {
        const output = body({
          inputs: inputs as Record<string, tf.TensorInfo>,
          attributes: (attrs ?? {}) as Record<string, unknown>,
          backend: backend as WebgpuBackend,
        })
        if (output) return output
      }
      if (!fallback) throw new Error(`${kernelName} takes float32 tensors with at least one value.`)
      return fallback({ inputs, attrs, backend })
    },
  }
}

function isFloat(tensor: tf.TensorInfo | undefined): boolean {
  return tensor === undefined || (tensor.dtype === 'float32' && !tensor.shape.includes(0))
}
