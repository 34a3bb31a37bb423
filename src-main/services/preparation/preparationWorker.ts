import { parentPort } from 'node:worker_threads'
import { GliadeskError } from '../../contract/index.ts'
import { prepareCaseFiles, type PreparationTask } from './prepareCaseFiles.ts'

// Entry of the thread that prepares a case: one task, then progress, then a result or a failure.
parentPort?.once('message', (task: PreparationTask) => {
  prepareCaseFiles(task, (share, message) => parentPort?.postMessage({ share, message })).then(
    (result) => parentPort?.postMessage({ result }),
    (error: Error & { code?: string }) =>
      parentPort?.postMessage({
        failure: {
          typed: error instanceof GliadeskError,
          code: error.code,
          message: error.message,
          remedy: error instanceof GliadeskError ? error.remedy : '',
        },
      }),
  )
})
