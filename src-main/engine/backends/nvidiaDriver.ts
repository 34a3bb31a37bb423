import { existsSync, readFileSync } from 'node:fs'

/** Where Windows Subsystem for Linux puts the driver of the Windows host. */
const WSL_DRIVER = '/usr/lib/wsl/lib/libcuda.so.1'

/** Version of the NVIDIA kernel driver, "wsl" under Windows Subsystem for Linux, null where there is none. */
export function nvidiaDriver(): string | null {
  try {
    const text = readFileSync('/proc/driver/nvidia/version', 'utf8')
    return /Kernel Module\D+(\d+(?:\.\d+)+)/.exec(text)?.[1] ?? null
  } catch {
    return existsSync(WSL_DRIVER) ? 'wsl' : null
  }
}
