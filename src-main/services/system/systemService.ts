import type { BackendChoice, DeviceInfo, SystemInfo } from '../../contract/index.ts'
import type { SettingsService } from '../settings/index.ts'
import type { ProbeDevice } from './probeDevice.ts'

export interface SystemService {
  info(): Promise<SystemInfo>
}

/** @param facts what the composition root knows of this program */
export function createSystemService(
  facts: Omit<SystemInfo, 'device'>,
  settings: SettingsService,
  probe: ProbeDevice,
): SystemService {
  const probed = new Map<BackendChoice, Promise<DeviceInfo>>()
  return {
    info: async () => {
      const { backend } = settings.get()
      const device = probed.get(backend) ?? probe(backend)
      probed.set(backend, device)
      return { ...facts, device: await device }
    },
  }
}
