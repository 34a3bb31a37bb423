/**
 * Whole-case prediction, 240 × 240 × 155 voxels: read, normalise, predict, post-process, write, as a prediction job does it,
 * on every backend here and in PyTorch with the same weights; each in a process of its own, in turn over several rounds.
 *
 *     node bench/inference.ts [--json]
 *
 * Takes the student that comes with the program; where there is none, random weights of the compact recipe for FLAIR, which
 * cost the same time.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LABEL_COUNT, recipeSchema } from '../src-main/contract/index.ts'
import { findTensorflow } from '../src-main/engine/backends/index.ts'
import { buildUNet } from '../src-main/engine/networks/index.ts'
import { DEFAULT_INFERENCE } from '../src-main/engine/planning/index.ts'
import { decodeModelFile, encodeModelFile } from '../src-main/engine/training/index.ts'
import { randomStream, readLabelmap } from '../src-main/imaging/index.ts'
import { readShippedModels } from '../src-main/services/models/index.ts'
import { alternate } from './alternate.ts'
import { makeBenchCohort } from './benchCohort.ts'
import { median } from './engineBenchPlan.ts'
import { totalOf } from './inferencePlan.ts'
import type { InferencePlan, InferenceRecord } from './inferencePlan.ts'
import { describeLoad } from './machineLoad.ts'
import { findPeerPython } from './peerPython.ts'
import { runWorker } from './runWorker.ts'
import { describeTarget } from './target.ts'

/** Rounds in which all take turns, and warm predictions in each. */
const ROUNDS = 3
const REPETITIONS = 2
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

type Model = Pick<InferencePlan, 'weightsPath' | 'network' | 'sequences' | 'window'> & {
  readonly title: string
}

function keep(scratch: string, bytes: Uint8Array): string {
  const path = join(scratch, 'weights.safetensors')
  writeFileSync(path, bytes)
  return path
}

async function chooseModel(scratch: string): Promise<Model> {
  const shipped = await readShippedModels(here('../models/shipped'))
  const student = shipped.find(({ description }) => description.role === 'student')
  if (student) {
    const { network, sequences, name } = student.description
    const { window } = decodeModelFile(student.weights, name, network)
    const weightsPath = keep(scratch, student.weights)
    return { title: `shipped student "${name}"`, weightsPath, network, sequences, window }
  }
  const recipe = recipeSchema.parse(
    JSON.parse(readFileSync(here('../models/recipes/unet-compact.json'), 'utf8')),
  )
  const { network, patchSize } = recipe
  const net = buildUNet(network, 1, LABEL_COUNT, randomStream(1, 'bench'))
  const weights = new Map(
    [...net.parameters].map(([name, variable]) => [
      name,
      { shape: variable.shape, values: variable.dataSync() as Float32Array },
    ]),
  )
  const bytes = encodeModelFile(weights, { network, sequences: ['flair'], patchSize })
  return {
    title: `random weights of ${recipe.title} (no shipped student here)`,
    weightsPath: keep(scratch, bytes),
    network,
    sequences: ['flair'],
    window: patchSize,
  }
}

const measure = (command: string, args: string[], plan: InferencePlan): InferenceRecord | null =>
  runWorker(command, args, { ...plan, startedAt: Date.now() })

/** Share of voxels, among those that either answer calls tumour, on which both answers agree. */
async function agreement(a: string, b: string): Promise<number> {
  const read = async (path: string): Promise<Uint8Array> =>
    (await readLabelmap(readFileSync(path), path)).labels
  const [first, second] = [await read(a), await read(b)]
  let [tumour, same] = [0, 0]
  first.forEach((label, voxel) => {
    if (label === 0 && second[voxel] === 0) return
    tumour++
    if (label === second[voxel]) same++
  })
  return tumour > 0 ? same / tumour : 1
}

const json = process.argv.includes('--json')
const say = (line: string): void => void (json || console.log(line))
const cohort = await makeBenchCohort()
const rows: Record<string, unknown>[] = []
try {
  const { title, ...model } = await chooseModel(cohort.scratch)
  const plan: InferencePlan = {
    ...model,
    startedAt: 0,
    inference: DEFAULT_INFERENCE,
    images: Object.fromEntries(model.sequences.map((name) => [name, cohort.image(name)])),
    outFolder: cohort.scratch,
    repetitions: REPETITIONS,
  }
  const peer = findPeerPython()
  const worker = here('inferenceWorker.ts')
  const rivals = new Map<string, () => InferenceRecord | null>([
    ['wasm', () => measure(process.execPath, [worker, 'wasm'], plan)],
  ])
  if (findTensorflow().state === 'found') {
    rivals.set('tensorflow', () => measure(process.execPath, [worker, 'tensorflow'], plan))
  } else say('tensorflow: not set up ("npm run setup:tensorflow"), left out')
  if (peer.command === null) say(peer.absent)
  else {
    const { command } = peer
    const script = here('reference/predict_case.py')
    rivals.set('pytorch', () => measure(command, [script], plan))
  }
  say(describeLoad())
  const rounds = alternate(ROUNDS, rivals)
  const reference = rounds.get('pytorch') ?? null
  const secondsOf = (record: InferenceRecord): number => median(record.runs.map(totalOf))
  /** Time against PyTorch's in the same round, the median of the rounds. */
  const timeAgainstPeer = (records: readonly InferenceRecord[] | undefined): number | null =>
    reference && records
      ? median(
          records.map((record, i) => secondsOf(record) / secondsOf(reference[i] ?? reference[0])),
        )
      : null

  say(`Whole-case prediction, 240×240×155, ${title}; windows of ${plan.window.join('×')}`)
  say(
    `median of ${ROUNDS} × ${REPETITIONS}, seconds    read  windows  finish   write    total     cold   memory`,
  )
  for (const [name, records] of rounds) {
    const [{ labelPath, description }] = records
    const runs = records.flatMap((record) => record.runs)
    const coldSeconds = median(records.map((record) => record.coldSeconds))
    const peakMib = Math.max(...records.map((record) => record.peakMib))
    const seconds = median(runs.map(totalOf))
    const stages = (['read', 'windows', 'finish', 'write'] as const).map((stage) =>
      median(runs.map((run) => run[stage])),
    )
    const ratio = name === 'pytorch' ? null : timeAgainstPeer(records)
    const agree =
      reference && name !== 'pytorch' ? await agreement(labelPath, reference[0].labelPath) : null
    const figures = [...stages, seconds, coldSeconds].map((s) => s.toFixed(2).padStart(8)).join(' ')
    const against = [
      ratio === null ? '' : `${ratio.toFixed(2)}× PyTorch's time`,
      agree === null ? '' : `labels agree with PyTorch's on ${(100 * agree).toFixed(2)} %`,
    ]
    say(
      `${name.padEnd(18)} ${figures} ${peakMib.toFixed(0).padStart(5)} MiB  ${against.filter(Boolean).join(' · ')}`,
    )
    rows.push({ name, description, stages, seconds, coldSeconds, peakMib, ratio, agree })
  }
  for (const [name, [{ description }]] of rounds) say(`${name.padEnd(11)} ${description}`)
  say('cold: from starting the process to the first answer on disk')
  say('targets')
  for (const [name, atMost] of [
    ['tensorflow', 1],
    ['wasm', 2],
  ] as const) {
    const measured = timeAgainstPeer(rounds.get(name))
    const title = `whole-case prediction, ${name}`
    say(describeTarget({ title, measured, bound: { atMost }, unit: "× PyTorch's time" }))
  }
  say(describeLoad())
  if (json) console.log(JSON.stringify({ model: title, rows, peer: peer.absent }))
} finally {
  await cohort.remove()
}
process.exit(0)
