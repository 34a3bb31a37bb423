/** Entry of the thread that reads cases and prepares batches while the engine computes. */
import { parentPort, workerData } from 'node:worker_threads'
import { runBatches } from '../training/runBatches.ts'
import type { BatchRequest } from '../training/batchRequest.ts'
import type { BatchAnswer, BatchQuestion } from './batchProtocol.ts'
import { toJobError } from './coreChannel.ts'
import { nodeFiles } from './nodeFiles.ts'

const batches = runBatches(workerData as BatchRequest, { files: nodeFiles })

async function answer({ id, kind, step, part }: BatchQuestion): Promise<void> {
  try {
    const batch = await (kind === 'draw' ? batches.draw(step, part) : batches.observe(step))
    const buffers = batch.patches.flatMap(({ channels, labels }) =>
      [...channels, ...(labels ? [labels] : [])].map(({ buffer }) => buffer as ArrayBuffer),
    )
    // One buffer cannot be handed over twice.
    parentPort?.postMessage({ id, batch } satisfies BatchAnswer, [...new Set(buffers)])
  } catch (error) {
    parentPort?.postMessage({ id, error: toJobError(error) } satisfies BatchAnswer)
  }
}

parentPort?.on('message', (question: BatchQuestion) => void answer(question))
