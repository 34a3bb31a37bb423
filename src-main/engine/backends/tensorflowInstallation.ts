import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

export type TensorflowVariant = 'cpu' | 'gpu'

export const TENSORFLOW_VERSION = '2.21.0'

/** Written last by the setup: a folder without it is unfinished. */
export interface InstallationRecord {
  readonly tensorflow: string
  readonly variant: TensorflowVariant
  readonly wheelSha256: string
  readonly bindingSourcesSha256: string
}

/** Folder a TensorFlow library lives in, outside node_modules so that `npm ci` leaves it alone. */
export function tensorflowFolder(
  variant: TensorflowVariant,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const cache = environment.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(cache, 'gliadesk', 'tensorflow', `${TENSORFLOW_VERSION}-${variant}`)
}

/** The native addon inside a TensorFlow folder. */
export function bindingPath(folder: string): string {
  return join(folder, 'binding', 'tfjs_binding.node')
}

export function recordPath(folder: string): string {
  return join(folder, 'setup.json')
}

/** What the setup noted in a folder; null where the setup never finished there. */
export function readInstallation(folder: string): InstallationRecord | null {
  if (!existsSync(bindingPath(folder)) || !existsSync(recordPath(folder))) return null
  try {
    return JSON.parse(readFileSync(recordPath(folder), 'utf8')) as InstallationRecord
  } catch {
    return null
  }
}
