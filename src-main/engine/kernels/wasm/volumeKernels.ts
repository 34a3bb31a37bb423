import { tf } from '../../tensor.ts'
import { defaultThreads, hasRelaxedSimd, KernelModule } from './kernelModule.ts'
import { SharedMemoryBackend } from './sharedMemoryBackend.ts'

let own: KernelModule | null = null

/**
 * Kernels for work on volumes before and after a network, whatever the backend: the WebAssembly backend's own where it is
 * current, else one module for the process, made at first use. Its helper threads join as they come up.
 */
export function volumeKernels(): KernelModule {
  const backend: unknown = tf.backend()
  if (backend instanceof SharedMemoryBackend) return backend.module
  own ??= new KernelModule({ threads: defaultThreads(), relaxedSimd: hasRelaxedSimd() })
  return own
}
