/**
 * Compute backends against each other and against PyTorch on the same processor (and card, in single precision): GFLOP/s of
 * single convolutions, seconds of a training step, its peak memory; and which targets they reach. Every measurement is a
 * process of its own, all take turns over several rounds, medians count.
 *
 *     node bench/engineStep.ts [compact|medium] [--baseline] [--rounds=3]
 *
 * TensorFlow.js's own WebAssembly backend is measured once with the compact recipe, with another where --baseline asks for
 * it (minutes). GLIADESK_BENCH_PYTHON names a Python that has PyTorch (default: python3); without one the ratios are left out.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { recipeSchema } from '../src-main/contract/index.ts'
import { findTensorflow, inspectBackends } from '../src-main/engine/backends/index.ts'
import { alternate } from './alternate.ts'
import { joinRounds, median } from './engineBenchPlan.ts'
import type { EngineBenchPlan, EngineBenchRecord } from './engineBenchPlan.ts'
import { describeLoad } from './machineLoad.ts'
import { findPeerPython } from './peerPython.ts'
import { runWorker } from './runWorker.ts'
import { describeTarget, type Target } from './target.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const recipeName = process.argv.find((word) => word === 'medium') ?? 'compact'
const rounds = Number(process.argv.find((word) => /^--rounds=\d+$/.test(word))?.slice(9) ?? 3)
const recipe = recipeSchema.parse(
  JSON.parse(readFileSync(here(`../models/recipes/unet-${recipeName}.json`), 'utf8')),
)

const stepPlan: EngineBenchPlan = {
  convolutions: [],
  measureStep: true,
  checkpointing: false,
  network: recipe.network,
  sequences: 4,
  patchSize: recipe.patchSize[0],
  batchSize: recipe.batchSize,
  repetitions: 3,
}
const convolutionPlan: EngineBenchPlan = {
  ...stepPlan,
  measureStep: false,
  convolutions: [
    { size: 32, inChannels: 16, outChannels: 16, stride: 1 },
    { size: 16, inChannels: 64, outChannels: 64, stride: 1 },
    { size: 64, inChannels: 16, outChannels: 16, stride: 1 },
    { size: 64, inChannels: 32, outChannels: 32, stride: 1 },
    { size: 64, inChannels: 16, outChannels: 32, stride: 2 },
    { size: 8, inChannels: 128, outChannels: 128, stride: 1 },
    { size: 96, inChannels: 16, outChannels: 16, stride: 1 },
  ],
}

type Rival = (plan: EngineBenchPlan) => EngineBenchRecord | null
const worker = here('engineStepWorker.ts')
const ours =
  (backend: string, environment: NodeJS.ProcessEnv = process.env): Rival =>
  (plan) =>
    runWorker(process.execPath, [worker, backend], plan, environment)

const peer = findPeerPython()
const rivals = new Map<string, Rival>([['wasm', ours('wasm')]])
if (findTensorflow().state === 'found') rivals.set('tensorflow', ours('tensorflow'))
else console.log('tensorflow: not set up ("npm run setup:tensorflow"), left out')
const [webgpu] = await inspectBackends({ selfTest: false, only: ['webgpu'] })
const hasCard = webgpu!.usable && webgpu!.gpu
if (hasCard) rivals.set('webgpu', ours('webgpu'))
else console.log(`webgpu: no GPU was found, left out (${webgpu!.reason ?? webgpu!.description})`)
if (peer.command === null) console.log(peer.absent)
else {
  const { command } = peer
  const script = here('reference/engine_step.py')
  rivals.set('pytorch', (plan) => runWorker(command, [script], plan))
  if (hasCard) rivals.set('pytorch-gpu', (plan) => runWorker(command, [script, 'cuda'], plan))
}

const bound = (plan: EngineBenchPlan, extra: readonly [string, Rival, EngineBenchPlan][]) =>
  new Map<string, () => EngineBenchRecord | null>([
    ...[...rivals].map(([name, rival]): [string, () => EngineBenchRecord | null] => [
      name,
      () => rival(plan),
    ]),
    ...extra.map(([name, rival, own]): [string, () => EngineBenchRecord | null] => [
      name,
      () => rival(own),
    ]),
  ])

console.log(
  `${recipe.title}, patch ${stepPlan.patchSize}³, batch ${stepPlan.batchSize}; medians of ${rounds} rounds in turn, ${stepPlan.repetitions} repetitions each`,
)
console.log(describeLoad())
const steps = alternate(
  rounds,
  bound(stepPlan, [['wasm, checkpointing', ours('wasm'), { ...stepPlan, checkpointing: true }]]),
)
if (recipeName === 'compact' || process.argv.includes('--baseline')) {
  const baseline = ours('tfjs-wasm')({ ...stepPlan, repetitions: 1 })
  if (baseline) steps.set('tfjs-wasm', [baseline])
}
const alone = ours('wasm', { ...process.env, GLIADESK_THREADS: '1' })
const convolutions = alternate(
  rounds,
  bound(convolutionPlan, [['wasm, 1 thread', alone, convolutionPlan]]),
)

console.log('\n3×3×3 convolution, GFLOP/s: forward | forward and both gradients')
convolutionPlan.convolutions.forEach(({ size, inChannels, outChannels, stride }, i) => {
  const cells = [...convolutions].map(([name, records]) => {
    const { forward, withGradients } = joinRounds(records).convolutions[i]!
    return `${name} ${forward.toFixed(0)} | ${withGradients.toFixed(0)}`
  })
  const title = `${size}³ ${inChannels}→${outChannels}${stride === 2 ? ' /2' : ''}`
  console.log(`${title.padEnd(15)} ${cells.map((cell) => cell.padEnd(26)).join('')}`)
})

const seconds = (record: EngineBenchRecord): number => record.step!.seconds
/** Speed against another's in the same round, the median of the rounds; null where either is missing. */
function speedAgainst(name: string, other: string): number | null {
  const [own, against] = [steps.get(name), steps.get(other)]
  if (!own || !against) return null
  return median(own.map((record, i) => seconds(against[i] ?? against[0]!) / seconds(record)))
}
function memoryAgainst(name: string, other: string): number | null {
  const [own, against] = [steps.get(name), steps.get(other)]
  return own && against ? joinRounds(own).peakMib / joinRounds(against).peakMib : null
}

console.log('\ntraining step (forward, backward, Adam)')
for (const [name, records] of steps) {
  const { description, peakMib, step } = joinRounds(records)
  const ratio = (value: number | null, what: string): string =>
    value === null ? '' : `${value.toFixed(2)}× ${what}`
  const ratios = name.startsWith('pytorch')
    ? []
    : [
        ratio(speedAgainst(name, 'pytorch'), "PyTorch's speed"),
        ratio(
          name === 'webgpu' ? speedAgainst(name, 'pytorch-gpu') : null,
          "PyTorch's on the card, fp32",
        ),
        ratio(memoryAgainst(name, 'pytorch'), "PyTorch's memory"),
      ]
  console.log(
    `${name.padEnd(20)} ${(step!.seconds * 1000).toFixed(0).padStart(7)} ms ${peakMib.toFixed(0).padStart(6)} MiB  ${ratios.filter(Boolean).join(' · ')}`,
  )
  console.log(`${' '.repeat(20)} ${description}`)
}

const single = convolutions.get('wasm, 1 thread')
const targets: Target[] = [
  {
    title: "training step, wasm, against TensorFlow.js's own WebAssembly backend",
    measured: speedAgainst('wasm', 'tfjs-wasm'),
    bound: { atLeast: 20 },
    unit: '× its speed',
  },
  ...(
    [
      ['wasm', 0.5],
      ['tensorflow', 1],
    ] as const
  ).flatMap(([name, least]): Target[] => [
    {
      title: `training step, ${name}`,
      measured: speedAgainst(name, 'pytorch'),
      bound: { atLeast: least },
      unit: "× PyTorch's speed",
    },
    {
      title: `peak memory of a training step, ${name}`,
      measured: memoryAgainst(name, 'pytorch'),
      bound: { atMost: 1.2 },
      unit: "× PyTorch's",
    },
  ]),
  {
    title: 'convolution 32³, 16→16, forward, wasm on one thread',
    measured: single ? joinRounds(single).convolutions[0]!.forward : null,
    bound: { atLeast: 30 },
    unit: ' GFLOP/s',
  },
]
console.log('\ntargets')
for (const target of targets) console.log(describeTarget(target))
console.log(describeLoad())
