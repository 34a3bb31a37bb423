/**
 * Trains the compact U-Net for 20 steps on each backend and in PyTorch: the same plan, the same initial weights, the same
 * batches. PyTorch computes in double precision as the reference, and once in single precision to show what rounding alone
 * does to the curve. Prints the loss of every step and the largest relative deviation. Exit code 1 where one of ours is
 * above 1e-3.
 *
 *     node bench/trainingParity.ts
 *
 * Needs a Python with PyTorch (`python3`, or the one that GLIADESK_BENCH_PYTHON names).
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LABEL_COUNT, recipeSchema } from '../src-main/contract/index.ts'
import { findTensorflow, openBackend } from '../src-main/engine/backends/index.ts'
import { writeSafetensors } from '../src-main/engine/checkpoint/index.ts'
import { interleave } from '../src-main/engine/data/index.ts'
import { readParameters } from '../src-main/engine/networks/index.ts'
import { createTrainingState, disposeTrainingState } from '../src-main/engine/training/index.ts'
import { findPeerPython } from './peerPython.ts'
import { runWorker } from './runWorker.ts'
import {
  parityPatches,
  parityPlan,
  type ParityRecord,
  type ParityTask,
} from './trainingParityPlan.ts'

const LARGEST_DEVIATION = 1e-3
const EDGE = 32

const peer = findPeerPython()
if (peer.absent !== null) {
  console.log(peer.absent)
  process.exit(0)
}
const recipePath = join(import.meta.dirname, '../models/recipes/unet-compact.json')
const recipe = recipeSchema.parse(JSON.parse(readFileSync(recipePath, 'utf8')))
const plan = parityPlan(recipe.network, EDGE)
const folder = mkdtempSync(join(tmpdir(), 'gliadesk-parity-'))
const task: ParityTask = {
  plan,
  weightsPath: join(folder, 'weights.safetensors'),
  batchesPath: join(folder, 'batches.safetensors'),
}

/** Both as files, so that every implementation starts from the same bits. */
async function writeTask(): Promise<void> {
  await openBackend('wasm')
  const state = createTrainingState({
    ...{ plan, training: [], validation: [], corrected: [], teacher: null, initialWeights: null },
    ...{ resumeFrom: null, folder: '', cacheBytes: 0 },
  })
  writeFileSync(task.weightsPath, writeSafetensors(await readParameters(state.network.parameters)))
  disposeTrainingState(state)
  const patches = parityPatches(plan)
  const grid = [patches.length, EDGE, EDGE, EDGE]
  const labels = Float32Array.from(patches.flatMap((patch) => Array.from(patch.labels!)))
  const images = {
    shape: [...grid, plan.sequences.length],
    values: interleave(patches, plan.sequences, plan.sequences),
  }
  const tensors = new Map([
    ['images', images],
    ['labels', { shape: grid, values: labels }],
  ])
  writeFileSync(task.batchesPath, writeSafetensors(tensors))
}

const worst = (ours: readonly number[], theirs: readonly number[]): number =>
  Math.max(...ours.map((value, i) => Math.abs(value / theirs[i]! - 1)))

let failed = false
try {
  await writeTask()
  const script = join(import.meta.dirname, 'reference/training_parity.py')
  const train = (command: string, args: string[]): ParityRecord => {
    const record = runWorker<ParityTask, ParityRecord>(command, args, task)
    if (!record) throw new Error(`${args.join(' ')} did not train`)
    return record
  }
  const reference = train(peer.command, [script, 'float64'])
  const backends = ['wasm', ...((await findTensorflow()) ? ['tensorflow'] : [])]
  const worker = join(import.meta.dirname, 'trainingParityWorker.ts')
  const ours = backends.map((backend) => train(process.execPath, [worker, backend]))
  // What rounding alone does: PyTorch in single against itself in double precision.
  const shown = [...ours, train(peer.command, [script, 'float32'])]
  console.log(
    `${recipe.title}, ${LABEL_COUNT} classes, ${plan.steps} steps of ${plan.batchSize} patches of ${EDGE}³, AdamW`,
  )
  console.log(['step', reference.description, ...shown.map((one) => one.description)].join('  |  '))
  reference.losses.forEach((loss, step) => {
    const cells = shown.map(
      ({ losses }) =>
        `${losses[step]!.toFixed(6)} (${(losses[step]! / loss - 1).toExponential(1)})`,
    )
    console.log([String(step + 1).padStart(4), loss.toFixed(6), ...cells].join('  |  '))
  })
  shown.forEach((one) => {
    const loss = worst(one.losses, reference.losses)
    const norm = worst(one.gradientNorms, reference.gradientNorms)
    console.log(
      `${one.description}: largest relative deviation of the loss ${loss.toExponential(2)}, of the gradient’s norm ${norm.toExponential(2)}`,
    )
    failed ||= ours.includes(one) && !(loss <= LARGEST_DEVIATION)
  })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(failed ? 1 : 0)
