import { Worker } from 'node:worker_threads'
import type { CaseMeasure } from '../../contract/index.ts'
import type { MeasureTask } from './measureCaseFiles.ts'

/** A thread that measures cases one after the other, so that the program keeps answering. */
export interface Measuring extends AsyncDisposable {
  measure(task: MeasureTask, signal?: AbortSignal): Promise<CaseMeasure>
}

/** Starts the thread; disposing ends it at once. */
export function openMeasuring(): Measuring {
  const worker = new Worker(new URL('./measureWorker.ts', import.meta.url))
  return {
    measure: (task, signal) =>
      new Promise<CaseMeasure>((resolve, reject) => {
        signal?.throwIfAborted()
        const done = (): void => {
          worker.off('error', fail)
          worker.off('exit', ended)
          worker.off('message', receive)
          signal?.removeEventListener('abort', leave)
        }
        const fail = (error: unknown): void => {
          done()
          reject(error as Error)
        }
        const ended = (): void => fail(new Error('Measuring ended before it was done'))
        const leave = (): void => fail(signal?.reason)
        const receive = ({
          measure,
          failure,
        }: {
          measure?: CaseMeasure
          failure?: string
        }): void => {
          done()
          if (measure) resolve(measure)
          else reject(new Error(failure))
        }
        worker.on('error', fail)
        worker.on('exit', ended)
        worker.on('message', receive)
        signal?.addEventListener('abort', leave, { once: true })
        worker.postMessage(task)
      }),
    [Symbol.asyncDispose]: async () => {
      await worker.terminate()
    },
  }
}
