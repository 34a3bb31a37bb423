/**
 * `node bench/parallelTraining.ts [wasm|tensorflow]`: what several processes bring to one training on this machine, and what
 * their exchange of weights and gradients costs. Every setting is run in turn, several rounds, and the median taken, so that
 * other work on the machine meets them alike.
 */
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  SEQUENCES,
  recipeSchema,
  type BackendName,
  type EngineToCore,
  type JobManifest,
} from '../src-main/contract/index.ts'
import { planTraining } from '../src-main/engine/planning/index.ts'
import { openExchangeFile } from '../src-main/engine/process/exchangeFile.ts'
import { synthesizeCohort } from '../src-main/services/datasets/index.ts'
import { median } from './engineBenchPlan.ts'

const ROUNDS = 3
const STEPS = 12
const backend = (process.argv[2] ?? 'wasm') as BackendName
const threads = availableParallelism()
const root = join(import.meta.dirname, '..')
const recipe = recipeSchema.parse(
  JSON.parse(readFileSync(join(root, 'models/recipes/unet-compact.json'), 'utf8')),
)
const scratch = await mkdtemp(join(tmpdir(), 'gliadesk-parallel-'))
const folder = join(scratch, 'cohort')
await synthesizeCohort({ folder, caseCount: 2, dims: [96, 96, 80], seed: 1, kappa: 0.5 })

const manifestOf = (processes: number, name: string): JobManifest => ({
  jobId: 'job-bench',
  plan: {
    ...planTraining(
      {
        name: 'Bench',
        datasetId: 'bench',
        recipeId: recipe.id,
        sequences: [...SEQUENCES],
        role: 'teacher',
        steps: STEPS,
        seed: 1,
        backend,
        resources: { accumulate: threads, processes },
      },
      recipe,
    ),
    validateEverySteps: STEPS,
    checkpointEverySteps: STEPS,
  },
  folder: join(scratch, name),
  training: ['Synth_0001', 'Synth_0002'].map((one) => ({
    caseId: one.toLowerCase().replace('_', '-'),
    name: one,
    images: Object.fromEntries(
      SEQUENCES.map((sequence) => [sequence, join(folder, one, `${one}_${sequence}.nii.gz`)]),
    ),
    label: { path: join(folder, one, `${one}_seg.nii.gz`), convention: 'et4' as const },
  })),
  validation: [],
  corrected: [],
  subjects: [],
  models: [],
  resumeFrom: null,
})

/** Median seconds of an update of as many batches as there are threads; the first ones warm up. */
async function measure(processes: number, name: string): Promise<number> {
  const child = fork(join(root, 'src-main/engine/process/main.ts'), { silent: true })
  const seconds: number[] = []
  child.on('message', (message: EngineToCore) => {
    if (message.type === 'failed') console.error(message.error.message)
    if (message.type === 'event' && message.event.type === 'step') {
      seconds.push(message.event.secondsPerStep)
    }
  })
  child.send({ type: 'run', manifest: manifestOf(processes, name) })
  await new Promise((resolve) => child.once('exit', resolve))
  return median(seconds.slice(3))
}

function exchangeMilliseconds(where: string, values: number): number {
  const file = openExchangeFile(join(where, `gliadesk-bench-${process.pid}`), values, 2)
  const floats = new Float32Array(values).fill(1)
  const times = Array.from({ length: 9 }, () => {
    const start = performance.now()
    // What one peer costs a step: weights out and in, gradient out and in.
    file.write(0, floats)
    file.read(0)
    file.write(1, floats)
    file.read(1)
    return performance.now() - start
  })
  file.unlink()
  file.close()
  return median(times)
}

try {
  const settings = [1, threads]
  const times = new Map<number, number[]>(settings.map((each) => [each, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const processes of settings) {
      times.get(processes)!.push(await measure(processes, `${processes}-${round}`))
    }
  }
  console.log(
    `${backend}, unet-compact, 48³, ${threads} batches an update, ${threads} threads in all`,
  )
  for (const [processes, rounds] of times) {
    const each = rounds.map((value) => `${(value * 1000).toFixed(0)}`).join(', ')
    console.log(
      `${processes} process(es): ${(median(rounds) * 1000).toFixed(0)} ms a step (${each})`,
    )
  }
  for (const values of [700_000, 31_000_000]) {
    const places = ['/dev/shm', scratch].map(
      (place) =>
        `${place === scratch ? 'disk' : place} ${exchangeMilliseconds(place, values).toFixed(1)} ms`,
    )
    console.log(`exchange of ${values} values with one peer: ${places.join(', ')}`)
  }
} finally {
  await rm(scratch, { recursive: true, force: true })
}
