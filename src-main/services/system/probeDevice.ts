import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { deviceInfoSchema, type BackendChoice, type DeviceInfo } from '../../contract/index.ts'

/** Asks a process of its own what a job would compute with. */
export type ProbeDevice = (choice: BackendChoice) => Promise<DeviceInfo>

const PROBE_TIMEOUT_MS = 60_000

export const probeDevice: ProbeDevice = async (choice) => {
  const entry = fileURLToPath(new URL('../../engine/process/inspectDevice.ts', import.meta.url))
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [entry, choice], {
      timeout: PROBE_TIMEOUT_MS,
      windowsHide: true,
    })
    // Native libraries print banners: the answer is the last line.
    return deviceInfoSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''))
  } catch (error) {
    return {
      backend: choice === 'auto' ? 'wasm' : choice,
      description: 'Not usable on this computer',
      gpu: false,
      fallbackReason: error instanceof Error ? error.message.split('\n').slice(-2).join(' ') : null,
    }
  }
}
