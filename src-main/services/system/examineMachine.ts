import type { BackendChoice, DeviceReport } from '../../contract/index.ts'
import { deviceReport } from './deviceReport.ts'
import { inspectMachine } from './inspectMachine.ts'
import { probeDevice } from './probeDevice.ts'

/** Looks at this computer without a workspace. @param measure compute for about two seconds on each device */
export async function examineMachine(
  choice: BackendChoice,
  measure: boolean,
): Promise<DeviceReport> {
  const facts = await inspectMachine(measure)
  const measuredAt = measure ? new Date().toISOString() : null
  return deviceReport(facts, await probeDevice(choice), measuredAt)
}
