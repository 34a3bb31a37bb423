import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { unitNewsSchema, type UnitNews, type UnitTask } from '../unit/unitProtocol.ts'

const ENTRY = fileURLToPath(new URL('../unit/main.ts', import.meta.url))

/** How a unit process ended; `problem` is null when it did everything it was asked. */
export interface UnitProcessEnd {
  readonly problem: string | null
}

/**
 * Runs one unit process to its end.
 *
 * @param onNews in order; a throw ends the process
 * @param signal kills it
 */
export function runUnitProcess(
  task: UnitTask,
  onNews: (news: UnitNews) => void,
  signal: AbortSignal,
): Promise<UnitProcessEnd> {
  return new Promise((resolve, reject) => {
    const child = fork(ENTRY, [], {
      env: { ...process.env, GLIADESK_THREADS: '1' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let lastWords = ''
    const kill = (): void => void child.kill('SIGKILL')
    signal.addEventListener('abort', kill, { once: true })
    child.stderr?.on('data', (chunk: Buffer) => {
      lastWords = (lastWords + chunk.toString('utf8')).slice(-2000)
    })
    child.on('message', (raw) => {
      try {
        onNews(unitNewsSchema.parse(raw))
      } catch (error) {
        kill()
        reject(error as Error)
      }
    })
    child.once('error', reject)
    child.once('close', (code, ended) => {
      signal.removeEventListener('abort', kill)
      const problem = `the process ended with ${ended ?? `code ${code}`}${lastWords ? `: ${lastWords.trim()}` : ''}`
      resolve({ problem: code === 0 ? null : problem })
    })
    if (signal.aborted) kill()
    else child.send(task)
  })
}
