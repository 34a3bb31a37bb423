/** Entry of a process that computes its share of the gradients of a run that another engine process leads. */
import { openBackend } from '../backends/index.ts'
import { createParallelPeer, type ParallelPeer } from '../training/index.ts'
import { toJobError } from './coreChannel.ts'
import { openExchangeFile, type ExchangeFile } from './exchangeFile.ts'
import { nodeFiles } from './nodeFiles.ts'
import { toPeerSchema, type FromPeer, type ToPeer } from './peerProtocol.ts'
import { loadTrainingInputs } from './trainingInputs.ts'

interface Ready {
  readonly peer: ParallelPeer
  readonly exchange: ExchangeFile
  readonly rank: number
}

const send = (message: FromPeer): Promise<void> =>
  new Promise((resolve) => {
    if (!process.connected) resolve()
    else process.send?.(message, () => resolve())
  })

async function prepare(message: Extract<ToPeer, { type: 'prepare' }>): Promise<Ready> {
  const { manifest, rank, startPath, exchangePath, values } = message
  const { plan } = manifest
  if (plan.kind === 'predict' || plan.kind === 'evaluate') {
    throw new RangeError(`a ${plan.kind} job has no gradients to share`)
  }
  const exchange = openExchangeFile(exchangePath, values, null)
  await openBackend(plan.backend)
  const inputs = await loadTrainingInputs(manifest, plan, { files: nodeFiles }, startPath)
  return { peer: createParallelPeer(inputs, { files: nodeFiles }, rank), exchange, rank }
}

async function takeStep(ready: Ready | null, step: number): Promise<FromPeer> {
  if (!ready) throw new RangeError('a step came before the run')
  const { peer, exchange, rank } = ready
  const { values, batches, loss, terms, caseNames } = await peer.gradient(step, exchange.read(0))
  exchange.write(rank, values)
  return { type: 'gradient', step, batches, loss, terms, caseNames: [...caseNames] }
}

let ready: Ready | null = null
let line: Promise<void> = Promise.resolve()

async function hear(raw: unknown): Promise<void> {
  try {
    const message = toPeerSchema.parse(raw)
    if (message.type === 'prepare') {
      ready = await prepare(message)
      await send({ type: 'ready' })
    } else {
      await send(await takeStep(ready, message.step))
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    await send({ type: 'failed', error: toJobError(error) })
    process.exit(1)
  }
}

process.on('message', (raw) => {
  line = line.then(() => hear(raw))
})
// The leading process decides when a run ends; without it there is none.
process.on('disconnect', () => process.exit(0))
