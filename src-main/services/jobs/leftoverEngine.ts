import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

const POLL_MS = 50
const PATIENCE_MS = 10_000

/**
 * Whether the process is still the engine of that job and not a later process with the same id, or the engine of a
 * workspace of which this one is a copy: its command line names the manifest's full path.
 */
function isEngineOf(processId: number, manifestPath: string): boolean {
  try {
    process.kill(processId, 0)
  } catch {
    return false
  }
  try {
    return readFileSync(`/proc/${processId}/cmdline`, 'utf8').includes(manifestPath)
  } catch {
    // No /proc on this system: an engine notices within moments that its core is gone.
    return false
  }
}

/**
 * After the core was killed, its engine may live on for a moment. Two engines must never write into one job folder:
 * it gets time to notice that its core is gone, then it is killed.
 */
export async function endLeftoverEngine(
  processId: number | null,
  manifestPath: string,
): Promise<void> {
  if (processId === null) return
  for (let waited = 0; isEngineOf(processId, manifestPath); waited += POLL_MS) {
    if (waited >= PATIENCE_MS) process.kill(processId, 'SIGKILL')
    await wait(POLL_MS)
  }
}
