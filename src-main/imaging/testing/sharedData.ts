import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Real images beside the repository; tests that need them skip where the folder is absent. */
const FOLDER = new URL('../../../../shared/data/', import.meta.url)

export const hasSharedData = existsSync(FOLDER)

/** For the titles of tests that skip, so that a report says why. */
export const NEEDS_SHARED_DATA = hasSharedData ? '' : ' (skipped: ../shared/data is absent)'

/** Bytes of a file, named relative to the folder. */
export function readSharedData(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, FOLDER)))
}

/** Path of a file or folder, named relative to the folder. */
export const sharedDataPath = (path: string): string => fileURLToPath(new URL(path, FOLDER))
