import { Worker } from 'node:worker_threads'
import { GliadeskError } from '../../contract/index.ts'
import type { Batch, BatchRequest, StartedBatches } from '../training/index.ts'
import type { BatchAnswer, BatchQuestion } from './batchProtocol.ts'

interface Waiting {
  readonly resolve: (batch: Batch) => void
  readonly reject: (error: unknown) => void
}

/**
 * Prepares batches in a thread of their own, so that the engine computes on one while the next is made ready. Batches
 * are those that this thread would prepare, bit for bit.
 */
export function startBatches(request: BatchRequest): StartedBatches {
  const worker = new Worker(new URL('./batchWorker.ts', import.meta.url), { workerData: request })
  const waiting = new Map<number, Waiting>()
  const ahead = new Map<string, Promise<Batch>>()
  let failure: unknown = null
  let questions = 0

  const failAll = (error: unknown): void => {
    failure ??= error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on('error', failAll)
  worker.on('exit', () => failAll(new Error('The thread that prepares batches has ended.')))
  worker.on('message', (answer: BatchAnswer) => {
    const asker = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('batch' in answer) asker?.resolve(answer.batch)
    else {
      const { code, message, remedy } = answer.error
      asker?.reject(new GliadeskError(code as GliadeskError['code'], message, remedy))
    }
  })

  const ask = (kind: BatchQuestion['kind'], step: number, part: number): Promise<Batch> =>
    new Promise((resolve, reject) => {
      if (failure !== null) {
        reject(failure)
        return
      }
      const id = questions++
      waiting.set(id, { resolve, reject })
      worker.postMessage({ id, kind, step, part } satisfies BatchQuestion)
    })
  return {
    draw: (step, part = 0) => {
      const key = `${step}/${part}`
      const prepared = ahead.get(key)
      ahead.delete(key)
      return prepared ?? ask('draw', step, part)
    },
    observe: (index) => ask('observe', index, 0),
    prefetch: (step, part = 0) => {
      const key = `${step}/${part}`
      if (ahead.has(key)) return
      const batch = ask('draw', step, part)
      // A failure surfaces where the batch is drawn.
      batch.catch(() => undefined)
      ahead.set(key, batch)
    },
    close: () => void worker.terminate(),
  }
}
