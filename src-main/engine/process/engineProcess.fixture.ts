import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import {
  engineToCoreSchema,
  type CoreToEngine,
  type EngineToCore,
  type JobManifest,
} from '../../contract/index.ts'

const ENTRY = fileURLToPath(new URL('main.ts', import.meta.url))

/** A real engine process and what it said so far. */
export interface EngineUnderTest {
  readonly child: ChildProcess
  readonly messages: EngineToCore[]
  /** The exit code, null after a signal. */
  readonly ended: Promise<number | null>
}

/** Starts an engine on a manifest; `onMessage` may answer. */
export function startEngine(
  job: JobManifest,
  onMessage: (message: EngineToCore, say: (answer: CoreToEngine) => void) => void = () => undefined,
): EngineUnderTest {
  const child = fork(ENTRY, { silent: true })
  const messages: EngineToCore[] = []
  child.on('message', (raw) => {
    const message = engineToCoreSchema.parse(raw)
    messages.push(message)
    onMessage(message, (answer) => child.send(answer))
  })
  child.send({ type: 'run', manifest: job } satisfies CoreToEngine)
  return { child, messages, ended: once(child, 'exit').then(([code]) => code as number | null) }
}

/** The loss of every step an engine reported. */
export const lossesOf = (messages: readonly EngineToCore[]): number[] =>
  messages.flatMap((message) =>
    message.type === 'event' && message.event.type === 'step' ? [message.event.loss] : [],
  )
