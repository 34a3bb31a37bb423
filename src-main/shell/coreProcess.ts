import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface CoreCommand {
  /** The real Node that runs the core (Electron's own V8 cannot, see docs/architecture.md). */
  readonly nodePath: string
  readonly arguments: readonly string[]
  readonly environment: NodeJS.ProcessEnv
}

export interface CoreProcess {
  /** Resolves with the exit code (null after a signal) once the core has ended. */
  readonly ended: Promise<number | null>
  /** Asks the core to end and waits; after `graceMs` it is killed. */
  stop(graceMs: number): Promise<void>
}

/** The core did not come up; `lines` is what it last said. */
export class CoreStartError extends Error {
  readonly lines: readonly string[]
  constructor(lines: readonly string[]) {
    super(`The Gliadesk core did not start.\n${lines.join('\n')}`)
    this.name = 'CoreStartError'
    this.lines = lines
  }
}

const KEPT_LINES = 20

/**
 * Starts the core and waits until it prints its ready line: one JSON object with `"ready": true`.
 *
 * @throws CoreStartError when the core ends or `timeoutMs` passes first
 */
export async function startCore(command: CoreCommand, timeoutMs: number): Promise<CoreProcess> {
  const child: ChildProcess = spawn(command.nodePath, [...command.arguments], {
    env: command.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const lines: string[] = []
  const remember = (line: string): void => {
    lines.push(line)
    if (lines.length > KEPT_LINES) lines.shift()
  }
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', (cause) => {
      remember(cause.message)
      resolve(null)
    })
    child.once('exit', (code) => resolve(code))
  })

  await new Promise<void>((resolve, reject) => {
    const fail = (): void => {
      child.kill('SIGKILL')
      reject(new CoreStartError(lines))
    }
    const timer = setTimeout(fail, timeoutMs)
    void ended.then(() => {
      clearTimeout(timer)
      fail()
    })
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue
      createInterface({ input: stream }).on('line', (line) => {
        remember(line)
        if (!isReadyLine(line)) return
        clearTimeout(timer)
        resolve()
      })
    }
  })

  return {
    ended,
    async stop(graceMs) {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await ended
      clearTimeout(timer)
    },
  }
}

function isReadyLine(line: string): boolean {
  if (!line.startsWith('{')) return false
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && 'ready' in value && value.ready === true
  } catch {
    return false
  }
}
