import type { BackendChoice, DeviceInfo } from '../../contract/index.ts'
import { findTensorflow, openTensorflowBackend } from './tensorflowBackend.ts'
import { openWasmBackend } from './wasmBackend.ts'

/**
 * Makes a compute backend current for this process and says what was obtained.
 *
 * `auto` takes TensorFlow where `npm run setup:tensorflow` has built it, else WebAssembly; whatever the reason for the
 * lesser one, it is in `fallbackReason`.
 *
 * @throws GliadeskError BACKEND_UNAVAILABLE when `tensorflow` was asked for by name and cannot be had
 */
export async function openBackend(choice: BackendChoice): Promise<DeviceInfo> {
  if (choice === 'wasm') return openWasm(null)
  if (choice === 'tensorflow') return openTensorflowBackend()
  const found = findTensorflow()
  if (found.state === 'missing') return openWasm(found.reason)
  try {
    return await openTensorflowBackend()
  } catch (error) {
    return openWasm(error instanceof Error ? error.message : String(error))
  }
}

async function openWasm(fallbackReason: string | null): Promise<DeviceInfo> {
  const description = await openWasmBackend()
  return { backend: 'wasm', description, gpu: false, fallbackReason }
}
