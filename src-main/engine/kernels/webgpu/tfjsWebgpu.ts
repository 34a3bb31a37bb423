import { createRequire } from 'node:module'
import { tf } from '../../tensor.ts'
import type { RemoteBuffer } from './device/remoteBuffer.ts'
import { RemoteBuffer as BufferClass } from './device/remoteBuffer.ts'
import type { RemoteDevice, RemotePipeline } from './device/remoteDevice.ts'
import type { RemoteEncoder, RemotePass } from './device/remoteEncoder.ts'

/** GPUBufferUsage of the standard. */
export const BUFFER_USAGE = {
  MAP_READ: 0x1,
  MAP_WRITE: 0x2,
  COPY_SRC: 0x4,
  COPY_DST: 0x8,
  INDEX: 0x10,
  VERTEX: 0x20,
  UNIFORM: 0x40,
  STORAGE: 0x80,
  INDIRECT: 0x100,
  QUERY_RESOLVE: 0x200,
} as const

/** What tfjs's backend keeps of a tensor. */
export interface WebgpuTensorData {
  values: tf.backend_util.BackendValues | null
  readonly dtype: tf.DataType
  readonly shape: number[]
  resource?: RemoteBuffer | null
  readonly complexTensorInfos?: unknown
}

/** The parts of tfjs's WebGPUBackend that ours builds on. */
export interface TfjsWebgpuBackend extends tf.KernelBackend {
  readonly device: RemoteDevice
  readonly bufferManager: {
    acquireBuffer(size: number, usage: number): RemoteBuffer
    releaseBuffer(buffer: RemoteBuffer): void
  }
  readonly tensorMap: { get(dataId: object): WebgpuTensorData }
  readonly commandQueueOwnedIds: WeakSet<object>
  readonly uniformPendingDisposal: RemoteBuffer[]
  readonly pipelineCache: Record<string, RemotePipeline>
  commandEncoder: RemoteEncoder | null
  computePassEncoder: RemotePass | null
  dispatchCountInPass: number
  makeTensorInfo(
    shape: number[],
    dtype: tf.DataType,
    values?: tf.backend_util.BackendValues,
  ): tf.TensorInfo
  uploadToGPU(dataId: object): void
  ensureCommandEncoderReady(): void
  endComputePassEncoder(): void
  submitQueue(): void
  disposeData(dataId: object, force?: boolean): boolean
}

export type TfjsWebgpuBackendClass = new (
  device: RemoteDevice,
  adapterInfo: object,
) => TfjsWebgpuBackend

let loaded: TfjsWebgpuBackendClass | null = null

/**
 * Loads tfjs's WebGPU kernels, which register themselves under the name "webgpu", and its backend class. That package is
 * written for a page: it looks for three of a browser's globals, which are given to it here.
 */
export function loadTfjsWebgpu(): TfjsWebgpuBackendClass {
  if (loaded) return loaded
  const globals = globalThis as Record<string, unknown>
  globals.GPUBuffer ??= BufferClass
  // Never made here: tfjs asks what a tensor's resource is.
  globals.GPUTexture ??= class GPUTexture {}
  globals.GPUBufferUsage ??= BUFFER_USAGE
  // No `requestAdapter`: an object of Dawn's at this place would keep the process alive.
  if (!('gpu' in navigator)) Object.defineProperty(navigator, 'gpu', { value: {} })
  // Its backend of the same name opens a device of its own; ours has another name and is made by hand.
  const require = createRequire(import.meta.url)
  const { WebGPUBackend } = require('@tensorflow/tfjs-backend-webgpu') as {
    WebGPUBackend: TfjsWebgpuBackendClass
  }
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu')
  loaded = WebGPUBackend
  return loaded
}
