import { Worker } from 'node:worker_threads'
import {
  GliadeskError,
  type ErrorCode,
  type LabelOperation,
  type VolumeGrid,
} from '../../contract/index.ts'
import type { Voxels } from '../../imaging/volume/index.ts'

export interface LabelOperationTask {
  readonly labels: Uint8Array
  readonly grid: VolumeGrid
  readonly operation: LabelOperation
  /** Intensities of the sequence that the operation names, or null. */
  readonly image: Voxels | null
  readonly locked: readonly number[]
}

interface WorkerAnswer {
  result?: Uint8Array
  refusal?: { code: ErrorCode; message: string; remedy: string }
}

/**
 * Carries out an operation in a thread of its own, so that the program keeps answering; the thread has ended before this
 * returns or throws.
 *
 * @returns new labels
 * @throws GliadeskError as `applyLabelOperation`
 */
export async function runLabelOperation(task: LabelOperationTask): Promise<Uint8Array> {
  const worker = new Worker(new URL('./labelOperationWorker.ts', import.meta.url))
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      worker.on('error', reject)
      worker.on('exit', () => reject(new Error('The operation ended before it was done')))
      worker.on('message', ({ result, refusal }: WorkerAnswer) => {
        if (result) resolve(result)
        else if (refusal) {
          reject(new GliadeskError(refusal.code, refusal.message, refusal.remedy))
        }
      })
      worker.postMessage(task)
    })
  } finally {
    await worker.terminate()
  }
}
