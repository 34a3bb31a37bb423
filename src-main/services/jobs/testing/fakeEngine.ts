/**
 * A real child process that honours the engine protocol without any network: the jobs' tests drive it. Its "training"
 * is a counter, its "prediction" one enhancing voxel a case, its "evaluation" a Dice that grows with the model's place.
 *
 * Options before the manifest: --step-ms N (pace), --crash-at N (dies at that step or case, once a job folder),
 * --garbage (breaks the protocol), --deaf (ignores pause and cancel).
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import {
  coreToEngineSchema,
  type CaseScore,
  type EngineToCore,
  type JobManifest,
  type TrainingPlan,
} from '../../../contract/index.ts'
import { readNifti, writeNifti } from '../../../imaging/nifti/index.ts'

const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    'step-ms': { type: 'string', default: '0' },
    'crash-at': { type: 'string', default: '-1' },
    garbage: { type: 'boolean', default: false },
    deaf: { type: 'boolean', default: false },
  },
})
const stepMs = Number(options['step-ms'])
const crashAt = Number(options['crash-at'])
let wish: 'none' | 'pause' | 'cancel' = 'none'

const send = (message: EngineToCore): Promise<void> =>
  new Promise((resolve) => process.send?.(message, () => resolve()))

function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.tmp`, text)
  renameSync(`${path}.tmp`, path)
}

async function pace(manifest: JobManifest, at: number): Promise<void> {
  await wait(stepMs)
  const scar = join(manifest.folder, 'crashed')
  if (at === crashAt && !existsSync(scar)) {
    writeFileSync(scar, '')
    process.kill(process.pid, 'SIGSEGV')
    await wait(10_000)
  }
}

async function train(manifest: JobManifest, plan: TrainingPlan): Promise<void> {
  const checkpoint = join(manifest.folder, 'last.safetensors')
  const save = (step: number): void => writeWhole(checkpoint, JSON.stringify({ step }))
  let step = manifest.resumeFrom
    ? (JSON.parse(readFileSync(manifest.resumeFrom, 'utf8')) as { step: number }).step
    : 0
  while (step < plan.steps) {
    if (wish === 'cancel') return
    if (wish === 'pause') {
      save(step)
      return send({ type: 'paused', checkpointPath: checkpoint })
    }
    await pace(manifest, step)
    step++
    const event = {
      loss: 1 / step,
      terms: {},
      learningRate: 1e-3,
      gradientNorm: 1,
      secondsPerStep: 0,
    }
    await send({ type: 'event', event: { type: 'step', step, ...event } })
    const progress = { done: step, total: plan.steps, etaSeconds: null, message: 'Training' }
    await send({ type: 'progress', progress: { ...progress, unit: 'step' } })
    if (step % plan.checkpointEverySteps === 0) {
      save(step)
      await send({ type: 'event', event: { type: 'checkpoint', step, best: false } })
    }
  }
  const weightsPath = join(manifest.folder, 'weights.safetensors')
  writeFileSync(weightsPath, `weights of ${plan.name} after ${step} steps`)
  const validationDice = { WT: 0.8, TC: 0.7, ET: null }
  const result = { kind: 'model' as const, weightsPath, parameterCount: 12, validationDice }
  await send({ type: 'done', result })
}

async function predict(manifest: JobManifest): Promise<void> {
  const cases = []
  for (const [index, subject] of manifest.subjects.entries()) {
    if (wish !== 'none') return
    await pace(manifest, index)
    const source = Object.values(subject.images)[0] ?? ''
    const { grid, voxels } = (await readNifti(await readFile(source), basename(source))).volume
    const labels = new Uint8Array(voxels.length)
    labels[5] = 3
    const written = async (name: string, map: Uint8Array): Promise<string> => {
      const path = join(manifest.folder, `${subject.caseId}_${name}.nii.gz`)
      writeFileSync(path, await writeNifti({ grid, voxels: map, voxelType: 'uint8', gzip: true }))
      return path
    }
    const prediction = {
      caseId: subject.caseId,
      labelPath: await written('label', labels),
      uncertaintyPath: await written(
        'uncertainty',
        labels.map((label) => label * 40),
      ),
      uncertaintyScore: 0.25,
    }
    cases.push(prediction)
    await send({ type: 'predicted', prediction })
  }
  await send({ type: 'done', result: { kind: 'predictions', cases } })
}

async function evaluate(manifest: JobManifest): Promise<void> {
  const models = []
  for (const [place, { modelId }] of manifest.models.entries()) {
    const scores = manifest.subjects.map((subject, index): CaseScore => {
      const dice = 0.5 + 0.1 * place + 0.01 * index
      return {
        caseId: subject.caseId,
        caseName: subject.name,
        dice: { WT: dice, TC: dice, ET: null },
        hd95Mm: { WT: 4, TC: 5, ET: null },
        volumeErrorMl: { WT: 1, TC: 1, ET: 0 },
      }
    })
    await pace(manifest, place)
    if (wish !== 'none') return
    models.push({ modelId, scores })
  }
  await send({ type: 'done', result: { kind: 'evaluations', models } })
}

async function run(manifest: JobManifest): Promise<void> {
  mkdirSync(manifest.folder, { recursive: true })
  const device = {
    backend: 'wasm' as const,
    description: 'Fake engine',
    gpu: false,
    fallbackReason: null,
  }
  await send({ type: 'started', device })
  const message = `Sees cards ${process.env.CUDA_VISIBLE_DEVICES ?? 'as it likes'}`
  await send({ type: 'event', event: { type: 'log', level: 'info', message } })
  if (options.garbage) {
    process.send?.({ type: 'nonsense' })
    await wait(10_000)
  }
  const { plan } = manifest
  if (plan.kind === 'predict') await predict(manifest)
  else if (plan.kind === 'evaluate') await evaluate(manifest)
  else await train(manifest, plan)
}

process.on('disconnect', () => process.exit(1))
process.on('message', (raw) => {
  const message = coreToEngineSchema.parse(raw)
  if (message.type !== 'run') {
    if (!options.deaf) wish = message.type
    return
  }
  void run(message.manifest).then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      process.exit(1)
    },
  )
})
