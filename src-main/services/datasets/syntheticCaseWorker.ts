import { parentPort } from 'node:worker_threads'
import { writeSyntheticCase, type SyntheticCaseTask } from './writeSyntheticCase.ts'

// Entry of the worker threads that synthesizeCohort starts: one case a message, one answer a case.
parentPort?.on('message', (task: SyntheticCaseTask) => {
  writeSyntheticCase(task).then(
    (description) => parentPort?.postMessage({ index: task.options.index, description }),
    (error: NodeJS.ErrnoException) =>
      parentPort?.postMessage({
        index: task.options.index,
        failure: { code: error.code, message: error.message },
      }),
  )
})
