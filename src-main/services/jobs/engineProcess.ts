import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, closeSync, openSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import {
  engineToCoreSchema,
  type CoreToEngine,
  type EngineResult,
  type EngineToCore,
  type JobError,
  type JobManifest,
} from '../../contract/index.ts'

/** How to start an engine process; the manifest's path is added as the last argument. */
export interface EngineCommand {
  readonly command: string
  readonly args: readonly string[]
}

/** How a run of an engine process ended. */
export type EngineOutcome =
  | { readonly kind: 'done'; readonly result: EngineResult }
  | { readonly kind: 'paused'; readonly checkpointPath: string }
  | { readonly kind: 'failed'; readonly error: JobError }
  /** It was told to stop, or killed because it did not. */
  | { readonly kind: 'stopped' }

export interface EngineRun {
  readonly processId: number | null
  readonly ended: Promise<EngineOutcome>
  /** Asks for a checkpoint and an end. */
  pause(): void
  /** Asks for an end; after the grace period the process is killed. */
  cancel(): void
}

/** What happens during a run, in order. */
export type EngineNews = Exclude<EngineToCore, { type: 'paused' | 'done' | 'failed' }>

/** Long enough to finish a training step on a slow machine. */
const STOP_GRACE_MS = 15_000
const END_GRACE_MS = 5_000
/** Writing a checkpoint of a large network to a slow disk. */
const PAUSE_GRACE_MS = 120_000

/**
 * Starts an engine process on a manifest. Its output goes to `engine.log` in the job's folder; it runs at lower
 * priority, so that the page stays quick.
 *
 * @param manifestPath the manifest as a file, for whoever wants to repeat the run by hand
 * @param environment variables besides our own: which devices it sees
 */
export function startEngine(
  engine: EngineCommand,
  manifest: JobManifest,
  manifestPath: string,
  onNews: (news: EngineNews) => void,
  environment: Readonly<Record<string, string>> = {},
): EngineRun {
  mkdirSync(manifest.folder, { recursive: true })
  const log = openSync(join(manifest.folder, 'engine.log'), 'a')
  const child = spawn(engine.command, [...engine.args, manifestPath], {
    stdio: ['ignore', log, log, 'ipc'],
    windowsHide: true,
    env: { ...process.env, ...environment },
  })
  closeSync(log)
  lowerPriority(child)

  let last: EngineOutcome | null = null
  let stopping = false
  let killTimer: NodeJS.Timeout | undefined
  const send = (message: CoreToEngine): void => {
    if (child.connected) child.send(message, () => undefined)
  }
  const killAfter = (milliseconds: number): void => {
    clearTimeout(killTimer)
    killTimer = setTimeout(() => child.kill('SIGKILL'), milliseconds)
  }
  child.on('message', (raw: unknown) => {
    const message = engineToCoreSchema.safeParse(raw)
    if (!message.success) {
      last = { kind: 'failed', error: wrongProtocol(message.error.message) }
      child.kill('SIGKILL')
      return
    }
    const news = message.data
    if (news.type === 'done') last = { kind: 'done', result: news.result }
    else if (news.type === 'paused') last = { kind: 'paused', checkpointPath: news.checkpointPath }
    else if (news.type === 'failed') last = { kind: 'failed', error: news.error }
    else return onNews(news)
    // It has said its last word; a native library that keeps the process alive must not keep the job.
    killAfter(END_GRACE_MS)
  })
  const ended = new Promise<EngineOutcome>((resolve) => {
    const finish = (fallback: EngineOutcome): void => {
      clearTimeout(killTimer)
      resolve(last ?? (stopping ? { kind: 'stopped' } : fallback))
    }
    child.once('error', (error) => finish({ kind: 'failed', error: notStarted(error) }))
    // 'close' rather than 'exit': messages sent just before the end still arrive.
    child.once('close', (code, signal) => finish({ kind: 'failed', error: crashed(code, signal) }))
  })
  send({ type: 'run', manifest })
  return {
    processId: child.pid ?? null,
    ended,
    pause: () => {
      send({ type: 'pause' })
      killAfter(PAUSE_GRACE_MS)
    },
    cancel: () => {
      stopping = true
      send({ type: 'cancel' })
      killAfter(STOP_GRACE_MS)
    },
  }
}

function lowerPriority(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Already gone, or not allowed here: only comfort is lost.
  }
}

function crashed(code: number | null, signal: NodeJS.Signals | null): JobError {
  const isMemory = signal === 'SIGKILL' || signal === 'SIGABRT' || code === 134 || code === 137
  return {
    code: 'ENGINE_CRASHED',
    message: isMemory
      ? 'The computation was ended by the operating system, most likely because memory ran out.'
      : `The computation ended unexpectedly (${signal ?? `exit code ${code}`}).`,
    remedy: isMemory
      ? 'Close other programs or choose a smaller recipe, then press Resume: it goes on from the last checkpoint.'
      : 'Press Resume: it goes on from the last checkpoint. What it last said is in the job’s engine.log.',
  }
}

const notStarted = (error: Error): JobError => ({
  code: 'ENGINE_NOT_STARTED',
  message: `The computation could not be started (${error.message}).`,
  remedy: 'Install Gliadesk again, or look at the job’s engine.log.',
})

const wrongProtocol = (detail: string): JobError => ({
  code: 'ENGINE_PROTOCOL',
  message: `The computing process said something this program does not understand: ${detail.slice(0, 300)}`,
  remedy: 'Core and engine are of different versions: install Gliadesk again.',
})
