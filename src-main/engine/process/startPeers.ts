import { fork, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GliadeskError, type ErrorCode, type JobManifest } from '../../contract/index.ts'
import { ERROR_CODES } from '../../contract/index.ts'
import { writeFileAtomically } from '../checkpoint/index.ts'
import type { PeerGradient, StartedPeers } from '../training/index.ts'
import { openExchangeFile, type ExchangeFile } from './exchangeFile.ts'
import type { JobPorts } from './jobPorts.ts'
import { fromPeerSchema, type FromPeer, type ToPeer } from './peerProtocol.ts'
import { processShare } from './processShare.ts'

const PEER = fileURLToPath(new URL('gradientPeer.ts', import.meta.url))
/** A folder in memory, where the system has one. */
const MEMORY_FOLDER = '/dev/shm'

interface Peer {
  readonly rank: number
  readonly child: ChildProcess
  /** The next message. @throws GliadeskError where the peer failed or ended */
  next(): Promise<FromPeer>
}

/**
 * Starts the processes that share a run with this one, and waits until they stand where it stands.
 *
 * @param checkpoint our state
 * @param values count of trained values
 * @throws GliadeskError what a peer met, or INTERNAL where its process ended
 */
export async function startPeers(
  manifest: JobManifest,
  processes: number,
  { files }: Pick<JobPorts, 'files'>,
  checkpoint: Uint8Array,
  values: number,
): Promise<StartedPeers> {
  const startPath = join(manifest.folder, 'peers.safetensors')
  await writeFileAtomically(files, startPath, checkpoint)
  const exchange = makeExchangeFile(manifest.folder, values, processes)
  const peers = Array.from({ length: processes - 1 }, (_, i) => forkPeer(i + 1, processes))
  const close = (): void => {
    for (const { child } of peers) child.kill('SIGKILL')
    exchange.unlink()
    exchange.close()
  }
  const say = (peer: Peer, message: ToPeer): Promise<void> =>
    new Promise((resolve) => {
      // A failure to send shows as the peer's end.
      peer.child.send(message, () => resolve())
    })
  try {
    const { path: exchangePath } = exchange
    for (const peer of peers) {
      const { rank } = peer
      void say(peer, { type: 'prepare', manifest, rank, startPath, exchangePath, values })
    }
    for (const peer of peers) await expect(peer, 'ready')
    exchange.unlink()
    await files.remove(startPath)
  } catch (error) {
    close()
    throw error
  }
  return {
    begin: async (step, weights) => {
      exchange.write(0, weights)
      await Promise.all(peers.map((peer) => say(peer, { type: 'step', step })))
    },
    collect: async () => {
      const gradients: PeerGradient[] = []
      for (const peer of peers) {
        const { batches, loss, terms, caseNames } = await expect(peer, 'gradient')
        gradients.push({ batches, loss, terms, caseNames, values: exchange.read(peer.rank) })
      }
      return gradients
    },
    close,
  }
}

function makeExchangeFile(folder: string, values: number, slots: number): ExchangeFile {
  const name = `gliadesk-${randomUUID()}`
  if (existsSync(MEMORY_FOLDER)) {
    try {
      return openExchangeFile(join(MEMORY_FOLDER, name), values, slots)
    } catch {
      // Too small or not ours: containers often give it 64 MB. The job's folder does as well, a little slower.
    }
  }
  return openExchangeFile(join(folder, name), values, slots)
}

function forkPeer(rank: number, processes: number): Peer {
  const child = fork(PEER, [], {
    env: { ...process.env, ...processShare(rank, processes) },
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const waiting: ((result: FromPeer | GliadeskError) => void)[] = []
  const come: (FromPeer | GliadeskError)[] = []
  const deliver = (result: FromPeer | GliadeskError): void => {
    const listener = waiting.shift()
    if (listener) listener(result)
    else come.push(result)
  }
  child.on('message', (raw) => {
    const message = fromPeerSchema.safeParse(raw)
    deliver(message.success ? message.data : ended(rank, processes, 'it said something unknown'))
  })
  child.once('error', (error) => deliver(ended(rank, processes, error.message)))
  child.once('close', (code, signal) =>
    deliver(ended(rank, processes, signal ?? `exit code ${code}`)),
  )
  return {
    rank,
    child,
    next: async () => {
      const first = come.shift()
      const result = first ?? (await new Promise<FromPeer | GliadeskError>((r) => waiting.push(r)))
      if (result instanceof GliadeskError) throw result
      return result
    },
  }
}

async function expect<T extends FromPeer['type']>(
  peer: Peer,
  type: T,
): Promise<Extract<FromPeer, { type: T }>> {
  const message = await peer.next()
  if (message.type === 'failed') {
    const { code, message: text, remedy } = message.error
    const known = ERROR_CODES.find((each) => each === code) ?? ('INTERNAL' satisfies ErrorCode)
    throw new GliadeskError(known, text, remedy)
  }
  if (message.type !== type) throw new RangeError(`rank ${peer.rank} said ${message.type}`)
  return message as Extract<FromPeer, { type: T }>
}

const ended = (rank: number, processes: number, how: string): GliadeskError =>
  new GliadeskError(
    'INTERNAL',
    `Process ${rank + 1} of the ${processes} that share this training ended unexpectedly (${how}); most often memory ran out.`,
    'Press Resume: it goes on from the last checkpoint. If it happens again, use fewer processes or a smaller patch.',
  )
