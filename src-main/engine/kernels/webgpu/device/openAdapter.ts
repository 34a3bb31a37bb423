import { createRequire } from 'node:module'
import { constants } from 'node:os'
import type { Dawn, DawnAdapter, DawnDevice } from './dawnTypes.ts'
import type { AdapterFacts, DeviceLimits, DeviceRequest } from './deviceCommands.ts'

const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
] as const satisfies readonly (keyof DeviceLimits)[]

/** glibc's RTLD_NODELETE: the library stays loaded though Node finds no addon in it and closes it again. */
const STAY_LOADED = 0x1000
/** Names under which rasterisers on the processor are known: SwiftShader, Mesa's lavapipe, Microsoft's WARP. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp/i

/** Held for as long as the thread lives: Dawn's devices do not survive the collection of what they came from. */
let instance: ReturnType<Dawn['create']> | null = null

export interface OpenedDevice {
  readonly device: DawnDevice
  readonly adapter: AdapterFacts
}

/**
 * Asks Dawn for the fastest adapter and a device on it, with every limit that the adapter grants.
 *
 * @throws Error whose message says what is missing, for a person to read
 */
export async function openAdapter(request: DeviceRequest): Promise<OpenedDevice> {
  if (request.vulkanLoader !== null) loadLibrary(request.vulkanLoader)
  instance ??= loadDawn().create([])
  const adapter = await instance.requestAdapter({ powerPreference: 'high-performance' })
  if (adapter === null) {
    throw new Error('No graphics card with a driver for Vulkan, Metal or Direct3D 12 was found.')
  }
  const facts = describe(adapter)
  if (facts.software && !request.allowSoftware) {
    throw new Error(
      `Only a software rasteriser was found (${facts.description || facts.device}): it computes on the processor and is no graphics card.`,
    )
  }
  const features = ['shader-f16', 'subgroups'].filter((name) => adapter.features.has(name))
  const device = await adapter.requestDevice({
    requiredFeatures: features,
    requiredLimits: { ...facts.limits },
  })
  return { device, adapter: facts }
}

function loadDawn(): Dawn {
  try {
    // Its entry is a module, which Node's require loads as well; absent where npm left the optional package out.
    return createRequire(import.meta.url)('webgpu') as Dawn
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0]! : String(cause)
    throw new Error(`The package "webgpu" (Dawn) cannot be loaded: ${why}`, { cause })
  }
}

function describe({ info, features, limits }: DawnAdapter): AdapterFacts {
  const names = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`
  return {
    vendor: info.vendor,
    architecture: info.architecture,
    device: info.device,
    description: info.description,
    software: info.isFallbackAdapter === true || SOFTWARE.test(names),
    halfPrecision: features.has('shader-f16'),
    subgroups: features.has('subgroups'),
    limits: Object.fromEntries(
      LIMITS.map((name) => [name, limits[name]!]),
    ) as unknown as DeviceLimits,
  }
}

function loadLibrary(path: string): void {
  try {
    process.dlopen({ exports: {} }, path, constants.dlopen.RTLD_NOW | STAY_LOADED)
  } catch {
    // Always thrown: a library is no addon. What counts is whether Dawn finds it afterwards.
  }
}
