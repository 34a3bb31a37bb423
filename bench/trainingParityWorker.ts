/**
 * Trains the network of a parity task on one backend, in a process of its own, and prints one JSON record.
 *
 *     node bench/trainingParityWorker.ts wasm|tensorflow '<JSON of ParityTask>'
 */
import { readFileSync } from 'node:fs'
import { openBackend } from '../src-main/engine/backends/index.ts'
import { readSafetensors } from '../src-main/engine/checkpoint/index.ts'
import { createTrainingState, trainStep } from '../src-main/engine/training/index.ts'
import { parityPatches, type ParityRecord, type ParityTask } from './trainingParityPlan.ts'

const [backend, taskText] = process.argv.slice(2)
const { plan, weightsPath } = JSON.parse(taskText!) as ParityTask
const { description } = await openBackend(backend as 'wasm' | 'tensorflow')
const initialWeights = readSafetensors(readFileSync(weightsPath), weightsPath).tensors
const state = createTrainingState({
  ...{ plan, training: [], validation: [], corrected: [], teacher: null, initialWeights },
  ...{ resumeFrom: null, folder: '', cacheBytes: 0 },
})
const patches = parityPatches(plan)
const records = Array.from({ length: plan.steps }, (_, step) =>
  trainStep(state, {
    patches: patches.slice(step * plan.batchSize, (step + 1) * plan.batchSize),
    sequences: plan.sequences,
    caseNames: ['made up'],
    isLabelled: true,
  }),
)
const record: ParityRecord = {
  description,
  losses: records.map(({ loss }) => loss),
  gradientNorms: records.map(({ gradientNorm }) => gradientNorm),
}
console.log(JSON.stringify(record))
process.exit(0)
