import {
  coreToEngineSchema,
  GliadeskError,
  type EngineToCore,
  type JobError,
  type JobManifest,
} from '../../contract/index.ts'
import type { RunRequest } from '../training/index.ts'

/** The line to whoever started this process. */
export interface CoreChannel {
  /** Resolves when the manifest has come. */
  readonly manifest: Promise<JobManifest>
  /** What was asked for last. */
  requested(): RunRequest
  /** Sends in order; resolves when the message has left this process. */
  send(message: EngineToCore): Promise<void>
}

/**
 * Opens the channel over Node's IPC. The engine ends with whoever started it, and what is not of the protocol is
 * passed over: a newer core may say more.
 */
export function openCoreChannel(host: NodeJS.Process): CoreChannel {
  let request: RunRequest = 'none'
  const manifest = new Promise<JobManifest>((resolve) => {
    host.on('message', (raw: unknown) => {
      const message = coreToEngineSchema.safeParse(raw)
      if (!message.success) return
      if (message.data.type === 'run') resolve(message.data.manifest)
      else if (request !== 'cancel') request = message.data.type
    })
  })
  host.on('disconnect', () => host.exit(1))
  host.on('SIGTERM', () => {
    request = 'cancel'
  })
  return {
    manifest,
    requested: () => request,
    send: (message) =>
      new Promise((resolve) => {
        if (host.send === undefined || !host.connected) resolve()
        else host.send(message, () => resolve())
      }),
  }
}

/** What a failure is called in the job's record. */
export function toJobError(error: unknown): JobError {
  if (error instanceof GliadeskError) {
    return { code: error.code, message: error.message, remedy: error.remedy }
  }
  const message = error instanceof Error ? error.message : String(error)
  if (/memory|allocat/i.test(message)) {
    return {
      code: 'INTERNAL',
      message: `The computation did not fit into memory (${message}).`,
      remedy: 'Choose a smaller recipe, or close other programs and start the job again.',
    }
  }
  return {
    code: 'INTERNAL',
    message: `The engine met an error it does not know: ${message}`,
    remedy: 'The job’s engine.log has the details. Start it again, or choose another backend.',
  }
}
