import { defaultThreads, hasRelaxedSimd, registerSharedMemoryBackend } from '../kernels/index.ts'
import { tf } from '../tensor.ts'

/** Makes WebAssembly the current backend. It needs nothing but what npm installed. */
export async function openWasmBackend(): Promise<string> {
  const threads = defaultThreads()
  const relaxedSimd = hasRelaxedSimd()
  await tf.setBackend(registerSharedMemoryBackend({ threads, relaxedSimd }))
  const simd = relaxedSimd ? 'relaxed SIMD' : 'SIMD'
  return `WebAssembly · ${simd} · ${threads} ${threads === 1 ? 'thread' : 'threads'}`
}
