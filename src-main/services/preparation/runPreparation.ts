import { Worker } from 'node:worker_threads'
import { GliadeskError, type ErrorCode } from '../../contract/index.ts'
import { asStorageError } from '../../storage/index.ts'
import type { PreparationResult, PreparationTask } from './prepareCaseFiles.ts'

interface WorkerAnswer {
  share?: number
  message?: string
  result?: PreparationResult
  failure?: { typed: boolean; code?: string; message: string; remedy: string }
}

/**
 * Prepares in a thread of its own, so that the program keeps answering; the thread has ended before this returns or throws.
 *
 * @param signal ends the thread at once
 * @throws GliadeskError; the signal's reason
 */
export async function runPreparation(
  task: PreparationTask,
  onProgress: (share: number, message: string) => void,
  signal?: AbortSignal,
): Promise<PreparationResult> {
  signal?.throwIfAborted()
  const worker = new Worker(new URL('./preparationWorker.ts', import.meta.url))
  let onAbort = (): void => undefined
  try {
    return await new Promise<PreparationResult>((resolve, reject) => {
      onAbort = () => reject(signal?.reason as Error)
      signal?.addEventListener('abort', onAbort, { once: true })
      worker.on('error', (error) => reject(error as Error))
      worker.on('exit', () => reject(new Error('The preparation ended before it was done')))
      worker.on('message', (answer: WorkerAnswer) => {
        if (answer.result) resolve(answer.result)
        else if (answer.failure) reject(failureOf(answer.failure, task.folder))
        else onProgress(answer.share ?? 0, answer.message ?? '')
      })
      worker.postMessage(task)
    })
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await worker.terminate()
  }
}

function failureOf(failure: NonNullable<WorkerAnswer['failure']>, folder: string): Error {
  const { typed, code, message, remedy } = failure
  if (typed) return new GliadeskError(code as ErrorCode, message, remedy)
  return asStorageError(Object.assign(new Error(message), { code }), 'preparing the case', folder)
}
