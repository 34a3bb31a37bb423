import { tf } from '../../tensor.ts'
import type { SharedMemoryBackend } from './sharedMemoryBackend.ts'

/** Name under which tfjs knows the backend; tfjs's own WebAssembly backend is called "wasm". */
export const SHARED_MEMORY_BACKEND = 'gliadesk-wasm'

export interface KernelCall {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>
  readonly attributes: Readonly<Record<string, unknown>>
  readonly backend: SharedMemoryBackend
}

/** Computes a kernel's output, or returns null for a case that tfjs's JavaScript kernel shall take. */
export type KernelBody = (call: KernelCall) => tf.TensorInfo | tf.TensorInfo[] | null

/**
 * A kernel of ours under one of tfjs's kernel names. It sees non-empty float32 tensors only; everything else goes to the
 * JavaScript kernel of the same name.
 */
export function floatKernel(kernelName: string, body: KernelBody): tf.KernelConfig {
  const fallback = tf.getKernel(kernelName, 'cpu')?.kernelFunc
  return {
    kernelName,
    backendName: SHARED_MEMORY_BACKEND,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const tensors = Object.values(inputs) as tf.TensorInfo[]
      if (tensors.every(isFloat)) {
        const output = body({
          inputs: inputs as Record<string, tf.TensorInfo>,
          attributes: (attrs ?? {}) as Record<string, unknown>,
          backend: backend as SharedMemoryBackend,
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
