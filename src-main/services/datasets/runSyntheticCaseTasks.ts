import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { SyntheticDescription } from '../../imaging/synthetic/index.ts'
import type { SyntheticCaseTask } from './writeSyntheticCase.ts'

export interface TaskRunOptions {
  /** Worker threads; as many as cores, two at most, where not given. */
  workers?: number
  onProgress?: (progress: { done: number; total: number; caseName: string }) => void
  signal?: AbortSignal
}

interface WorkerAnswer {
  index: number
  description?: SyntheticDescription
  failure?: { code?: string; message: string }
}

/**
 * Hands tasks to worker threads, one at a time each; every thread has ended before this returns or throws.
 *
 * @returns the descriptions in the order of the tasks, whose options carry their place as `index`
 * @throws the first failure, with the operating system's `code` where it had one; the signal's reason
 */
export async function runSyntheticCaseTasks(
  tasks: readonly SyntheticCaseTask[],
  options: TaskRunOptions,
): Promise<SyntheticDescription[]> {
  const wanted = options.workers ?? Math.min(2, availableParallelism())
  const count = Math.max(1, Math.min(wanted, tasks.length))
  const workers = Array.from(
    { length: count },
    () => new Worker(new URL('./syntheticCaseWorker.ts', import.meta.url)),
  )
  const descriptions = new Array<SyntheticDescription>(tasks.length)
  let next = 0
  let done = 0
  let onAbort = (): void => undefined
  try {
    await new Promise<void>((resolve, reject) => {
      onAbort = () => reject(options.signal?.reason as Error)
      options.signal?.addEventListener('abort', onAbort, { once: true })
      for (const worker of workers) {
        const hand = (): void => {
          if (next < tasks.length) worker.postMessage(tasks[next++])
        }
        worker.on('error', reject)
        worker.on('message', (answer: WorkerAnswer) => {
          if (answer.failure || !answer.description) {
            reject(
              Object.assign(new Error(answer.failure?.message), { code: answer.failure?.code }),
            )
            return
          }
          descriptions[answer.index] = answer.description
          done++
          options.onProgress?.({ done, total: tasks.length, caseName: tasks[answer.index].name })
          if (done === tasks.length) resolve()
          else hand()
        })
        hand()
      }
    })
  } finally {
    options.signal?.removeEventListener('abort', onAbort)
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
  return descriptions
}
