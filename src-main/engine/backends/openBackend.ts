import type { BackendChoice, DeviceInfo } from '../../contract/index.ts'
import { findTensorflow, openTensorflowBackend } from './tensorflowBackend.ts'
import { openWasmBackend } from './wasmBackend.ts'
import { openWebgpuBackend } from './webgpuBackend.ts'

/**
 * Makes a compute backend current for this process and says what was obtained.
 *
 * `auto` takes the first of these that there is: TensorFlow on a CUDA card, WebGPU on a graphics card, TensorFlow on the
 * processor, WebAssembly. Whatever the reason for a lesser one, it is in `fallbackReason`. Software rasterisers are no
 * graphics cards: only `webgpu` by name, with the environment asking for one, computes on them.
 *
 * @throws GliadeskError BACKEND_UNAVAILABLE when a backend was asked for by name and cannot be had
 */
export async function openBackend(choice: BackendChoice): Promise<DeviceInfo> {
  if (choice === 'wasm') return openWasm(null)
  if (choice === 'tensorflow') return openTensorflowBackend()
  if (choice === 'webgpu') return openWebgpuBackend({ software: 'allowed' })

  const found = findTensorflow()
  const cuda =
    found.state === 'found' && found.variant === 'gpu' ? await attempt(openTensorflowBackend) : null
  if (cuda?.device?.gpu) return cuda.device

  const webgpu = await attempt(() => openWebgpuBackend({ software: 'refused' }))
  if (webgpu.device) return { ...webgpu.device, fallbackReason: cuda ? reasonOf(cuda) : null }

  if (found.state === 'missing') return openWasm(`${found.reason} ${webgpu.reason}`)
  const tensorflow = await attempt(openTensorflowBackend)
  return tensorflow.device ?? openWasm(`${tensorflow.reason} ${webgpu.reason}`)
}

interface Attempt {
  readonly device: DeviceInfo | null
  readonly reason: string
}

async function attempt(open: () => Promise<DeviceInfo>): Promise<Attempt> {
  try {
    return { device: await open(), reason: '' }
  } catch (error) {
    return { device: null, reason: error instanceof Error ? error.message : String(error) }
  }
}

function reasonOf({ device, reason }: Attempt): string {
  return device?.fallbackReason ?? reason
}

async function openWasm(fallbackReason: string | null): Promise<DeviceInfo> {
  const description = await openWasmBackend()
  return { backend: 'wasm', description, gpu: false, fallbackReason }
}
