import { findTensorflow, openBackend } from '../../backends/index.ts'
import { tf } from '../../tensor.ts'
import { registerSharedMemoryBackend } from '../wasm/index.ts'

export interface BackendUnderTest {
  readonly title: string
  /** Null where the backend cannot run here, with the reason in `title`. */
  readonly open: (() => Promise<void>) | null
}

async function openWasm(threads: number, relaxedSimd: boolean): Promise<void> {
  const name = registerSharedMemoryBackend({ threads, relaxedSimd })
  tf.removeBackend(name)
  await tf.setBackend(registerSharedMemoryBackend({ threads, relaxedSimd }))
}

const tensorflow = findTensorflow()

/**
 * WebGPU on whatever adapter there is: correctness is the same on a software rasteriser, which a Chromium brings. Opened
 * here already, because only that tells whether it can be.
 */
async function webgpuUnderTest(): Promise<BackendUnderTest> {
  process.env.GLIADESK_WEBGPU_SOFTWARE ??= '1'
  try {
    const { description } = await openBackend('webgpu')
    return { title: description, open: async () => void (await openBackend('webgpu')) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { title: `webgpu, skipped: ${reason}`, open: null }
  }
}

/** tfjs's JavaScript kernels with the composed operations, both WebAssembly builds, TensorFlow where set up, WebGPU. */
export const BACKENDS_UNDER_TEST: readonly BackendUnderTest[] = [
  { title: 'cpu (composed operations)', open: async () => void (await tf.setBackend('cpu')) },
  { title: 'wasm, relaxed SIMD, 2 threads', open: () => openWasm(2, true) },
  { title: 'wasm, plain SIMD, 1 thread', open: () => openWasm(1, false) },
  tensorflow.state === 'found'
    ? { title: 'tensorflow', open: async () => void (await openBackend('tensorflow')) }
    : { title: `tensorflow, skipped: ${tensorflow.reason}`, open: null },
  await webgpuUnderTest(),
]
