import type { BackendChoice, DeviceInfo, SystemInfo } from '../../contract/index.ts'
import type { SettingsService } from '../settings/index.ts'
import { createDeviceService, type DeviceService } from './deviceService.ts'
import type { InspectMachine } from './inspectMachine.ts'
import type { ProbeDevice } from './probeDevice.ts'

export interface SystemService {
  info(): Promise<SystemInfo>
  /** What a job with this choice would compute with; asked of a process of its own, once. */
  probe: ProbeDevice
  devices: DeviceService['report']
}

/** @param facts what the composition root knows of this program */
export function createSystemService(
  facts: Omit<SystemInfo, 'device'>,
  settings: SettingsService,
  probe: ProbeDevice,
  inspect: InspectMachine,
): SystemService {
  const probed = new Map<BackendChoice, Promise<DeviceInfo>>()
  const probeOnce: ProbeDevice = (choice) => {
    const device = probed.get(choice) ?? probe(choice)
    probed.set(choice, device)
    return device
  }
  const devices = createDeviceService(settings, probeOnce, inspect)
  return {
    info: async () => ({ ...facts, device: await probeOnce(settings.get().backend) }),
    probe: probeOnce,
    devices: devices.report,
  }
}
