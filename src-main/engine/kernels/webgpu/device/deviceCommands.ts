/**
 * What the computing thread sends to the thread that owns the device. Commands are carried out in order; objects are
 * named by numbers that the sender chooses.
 */
export type DeviceCommand =
  | {
      readonly op: 'createBuffer'
      readonly id: number
      readonly size: number
      readonly usage: number
    }
  | { readonly op: 'destroyBuffer'; readonly id: number }
  | {
      readonly op: 'writeBuffer'
      readonly id: number
      readonly offset: number
      readonly data: ArrayBuffer
    }
  | { readonly op: 'clearBuffer'; readonly id: number; readonly size: number }
  | {
      readonly op: 'createPipeline'
      readonly id: number
      readonly code: string
      readonly entryPoint: string
      readonly label: string
    }
  | {
      readonly op: 'dispatch'
      readonly pipeline: number
      /** Buffers at the bindings 0, 1, 2 … of group 0. */
      readonly buffers: readonly number[]
      readonly workgroups: readonly [number, number, number]
    }
  | {
      readonly op: 'copyBuffer'
      readonly source: number
      readonly sourceOffset: number
      readonly target: number
      readonly targetOffset: number
      readonly size: number
    }
  | { readonly op: 'submit' }
  | { readonly op: 'readBuffer'; readonly id: number; readonly size: number; readonly reply: Reply }
  | { readonly op: 'loseDevice' }
  /** Nothing comes after it: answered when the thread is at rest, so that it can be ended. */
  | { readonly op: 'rest'; readonly reply: Reply }

/** Memory shared by both threads, through which one waits for the other without its event loop. */
export interface Reply {
  /** Int32: state (`REPLY_…`), then the length of the text of an error. */
  readonly control: SharedArrayBuffer
  /** The values read, or the text of an error; long enough for either. */
  readonly data: SharedArrayBuffer
}

export const REPLY_PENDING = 0
export const REPLY_DONE = 1
/** A command before was refused: the values are not to be trusted. */
export const REPLY_FAILED = 2
export const REPLY_LOST = 3
/** Longest text of an error, in bytes. */
export const ERROR_BYTES = 2048

/** What the thread says once, after it has looked for an adapter. */
export type DeviceAnswer =
  | { readonly state: 'ready'; readonly adapter: AdapterFacts }
  | { readonly state: 'missing'; readonly reason: string }

/** What Dawn tells of an adapter. Texts are empty where the driver does not say. */
export interface AdapterFacts {
  readonly vendor: string
  readonly architecture: string
  /** Name of the device, e.g. "NVIDIA GeForce RTX 4070". */
  readonly device: string
  /** The driver and its version. */
  readonly description: string
  /** Whether it computes on the processor: a software rasteriser, never a GPU. */
  readonly software: boolean
  readonly halfPrecision: boolean
  readonly subgroups: boolean
  readonly limits: DeviceLimits
}

/** The limits of WebGPU that computing depends on, as the adapter grants them. */
export interface DeviceLimits {
  readonly maxBufferSize: number
  readonly maxStorageBufferBindingSize: number
  readonly maxStorageBuffersPerShaderStage: number
  readonly maxComputeWorkgroupStorageSize: number
  readonly maxComputeInvocationsPerWorkgroup: number
  readonly maxComputeWorkgroupSizeX: number
  readonly maxComputeWorkgroupsPerDimension: number
}

/** How the thread shall look for its adapter. */
export interface DeviceRequest {
  /** A Vulkan loader to load before Dawn looks for the system's; null to leave it to Dawn. */
  readonly vulkanLoader: string | null
  /** Whether a software rasteriser may be taken. */
  readonly allowSoftware: boolean
}
