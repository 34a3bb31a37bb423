import type { ComputeDevice } from '../../src-main/contract/index.ts'

/** A thing that computes, with the backends that can use it. */
export interface DeviceGroup {
  readonly key: string
  readonly name: string
  readonly kind: ComputeDevice['kind']
  readonly memoryBytes: number | null
  readonly freeBytes: number | null
  readonly driver: string | null
  readonly backends: readonly ComputeDevice[]
}

/** One group a piece of hardware, in the order of the report. */
export function groupDevices(devices: readonly ComputeDevice[]): DeviceGroup[] {
  const groups = new Map<string, ComputeDevice[]>()
  for (const device of devices) {
    // WebGPU without a card draws on the processor, or not at all: no device of its own.
    const key = device.kind === 'processor' ? 'processor' : `${device.id} ${device.name}`
    groups.set(key, [...(groups.get(key) ?? []), device])
  }
  return [...groups].map(([key, backends]) => {
    const [{ name, kind, memoryBytes, freeBytes, driver }] = backends
    return { key, name, kind, memoryBytes, freeBytes, driver, backends }
  })
}

/** Speed as a share of the fastest device, 0 where it was not measured. */
export function speedShare(device: ComputeDevice, devices: readonly ComputeDevice[]): number {
  const fastest = Math.max(...devices.map(({ gflops }) => gflops ?? 0))
  return fastest > 0 ? (device.gflops ?? 0) / fastest : 0
}
