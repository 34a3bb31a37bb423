import { existsSync, readdirSync } from 'node:fs'
import { GliadeskError } from '../../contract/index.ts'
import type { DeviceInfo } from '../../contract/index.ts'
import {
  findSoftwareRasteriser,
  registerWebgpuBackend,
  RemoteDevice,
  useSoftwareRasteriser,
  WEBGPU_BACKEND,
  type AdapterFacts,
  type SoftwareRasteriser,
} from '../kernels/index.ts'
import { tf } from '../tensor.ts'

const REMEDY =
  'Install the driver of the graphics card (on Linux also "libvulkan1"), or choose another backend.'
const MIB = 2 ** 20

let opened: RemoteDevice | null = null

/**
 * Makes WebGPU the current backend.
 *
 * A software rasteriser is taken only where the environment asks for one (GLIADESK_WEBGPU_SOFTWARE, for tests) and
 * `software` allows it; it is never reported as a GPU.
 *
 * @throws GliadeskError BACKEND_UNAVAILABLE, with the reason, where no adapter can be had
 */
export async function openWebgpuBackend(options: {
  readonly software: 'allowed' | 'refused'
}): Promise<DeviceInfo> {
  const rasteriser = options.software === 'allowed' ? findSoftwareRasteriser() : null
  if (opened === null || opened.isLost) {
    opened = await openDevice(rasteriser)
    registerWebgpuBackend(opened)
  }
  if (opened.adapter.software && rasteriser === null) throw notAGraphicsCard()
  await tf.setBackend(WEBGPU_BACKEND)
  return {
    backend: 'webgpu',
    description: describeAdapter(opened.adapter),
    gpu: !opened.adapter.software,
    fallbackReason: null,
  }
}

async function openDevice(rasteriser: SoftwareRasteriser | null): Promise<RemoteDevice> {
  if (rasteriser) {
    useSoftwareRasteriser(rasteriser)
  } else if (!mayHaveGraphicsCard()) {
    throw notAGraphicsCard()
  }
  return RemoteDevice.open(
    { vulkanLoader: rasteriser?.vulkanLoader ?? null, allowSoftware: rasteriser !== null },
    REMEDY,
  )
}

function notAGraphicsCard(): GliadeskError {
  return new GliadeskError(
    'BACKEND_UNAVAILABLE',
    'WebGPU found no graphics card: the system shows none to programs.',
    REMEDY,
  )
}

/** e.g. "WebGPU · NVIDIA GeForce RTX 4070 · driver 550.54 · ada-lovelace · buffers of 4096 MiB · half precision". */
function describeAdapter(adapter: AdapterFacts): string {
  const { software, device, description, vendor, architecture, limits } = adapter
  if (software) {
    return `WebGPU · software rasteriser (${description || device}): no GPU, for tests only`
  }
  return [
    ...['WebGPU', device || vendor || 'graphics card', description, architecture],
    `buffers of ${Math.floor(limits.maxStorageBufferBindingSize / MIB)} MiB`,
    adapter.halfPrecision ? 'half precision' : '',
    adapter.subgroups ? 'subgroups' : '',
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

/**
 * Whether asking Dawn can lead to anything. Linux shows every card as a device file, and Dawn, asked where there is none,
 * prints warnings about drivers that it did not find.
 */
function mayHaveGraphicsCard(): boolean {
  if (process.platform !== 'linux') return true
  if (existsSync('/dev/nvidia0') || existsSync('/dev/dxg')) return true
  try {
    return readdirSync('/dev/dri').some((name) => name.startsWith('renderD'))
  } catch {
    return false
  }
}
