import type { DeviceReport } from '../../contract/index.ts'
import type { SettingsService } from '../settings/index.ts'
import { deviceReport } from './deviceReport.ts'
import { availableMemory, type InspectMachine, type MachineFacts } from './inspectMachine.ts'
import type { ProbeDevice } from './probeDevice.ts'

export interface DeviceService {
  /**
   * Every backend and device of this computer.
   *
   * @param measure compute for about two seconds on each first; otherwise the last measurement is shown
   */
  report(measure: boolean): Promise<DeviceReport>
}

/** Looks at the computer once, and again when it is to be measured. Two requests at once share one look. */
export function createDeviceService(
  settings: SettingsService,
  probe: ProbeDevice,
  inspect: InspectMachine,
): DeviceService {
  let known: { facts: MachineFacts; measuredAt: string | null } | null = null
  let looking: Promise<void> | null = null
  const look = async (measure: boolean): Promise<void> => {
    const facts = await inspect(measure)
    known = { facts, measuredAt: measure ? new Date().toISOString() : null }
  }
  return {
    report: async (measure) => {
      if (looking) await looking
      if (!known || measure) {
        looking = look(measure).finally(() => (looking = null))
        await looking
      }
      const { facts, measuredAt } = known!
      const inUse = await probe(settings.get().backend)
      return deviceReport({ ...facts, availableBytes: availableMemory() }, inUse, measuredAt)
    },
  }
}
