import { parentPort } from 'node:worker_threads'
import { measureCaseFiles, type MeasureTask } from './measureCaseFiles.ts'

// Entry of the thread that measures: one case a message, one answer each.
parentPort?.on('message', (task: MeasureTask) => {
  measureCaseFiles(task).then(
    (measure) => parentPort?.postMessage({ measure }),
    (error: Error) => parentPort?.postMessage({ failure: error.message }),
  )
})
