import { parentPort } from 'node:worker_threads'
import { GliadeskError } from '../../contract/index.ts'
import { applyLabelOperation } from '../../imaging/labelmap/index.ts'
import type { LabelOperationTask } from './runLabelOperation.ts'

// Entry of the thread that carries out one operation on a whole labelmap.
parentPort?.once('message', ({ labels, grid, operation, image, locked }: LabelOperationTask) => {
  try {
    const result = applyLabelOperation(labels, grid, operation, image, locked)
    parentPort?.postMessage({ result }, [result.buffer as ArrayBuffer])
  } catch (error) {
    if (!(error instanceof GliadeskError)) throw error
    const { code, message, remedy } = error
    parentPort?.postMessage({ refusal: { code, message, remedy } })
  }
})
